import { type Product, startProduct } from './product.ts'
import type { Stack } from './stack.ts'

/** Products of one replica for cases in which something happens to it: one case at a time uses each. */
export interface ProductPool extends AsyncDisposable {
  /** Has something done with a product. One with which it went wrong is not used again. */
  use<Result>(work: (product: Product) => Promise<Result>): Promise<Result>
}

/** As many products as are used at a time are started. */
export function openProductPool(stack: Stack): ProductPool {
  const all: Product[] = []
  const idle: Product[] = []
  let count = 0

  const start = async (): Promise<Product> => {
    const product = await startProduct(stack, `app${count++}`, 1)
    all.push(product)
    return product
  }

  return {
    async use(work) {
      const product = idle.pop() ?? (await start())
      const result = await work(product)
      idle.push(product)
      return result
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((product) => product[Symbol.asyncDispose]()))
    },
  }
}
