import { randomBytes } from 'node:crypto'
import type { Client, Product } from '../product.ts'
import { Participants } from './participants.ts'
import type { Participant } from './publisher-messages.ts'

/** A room of the product with people in it. */
export interface Meeting extends AsyncDisposable {
  readonly roomName: string
  readonly people: Participants
  /** Acts as the first of them. */
  readonly client: Client
}

/** Lets `count` people join a new room, each with such a camera. */
export async function holdMeeting(
  product: Product,
  count: number,
  camera: Omit<Participant, 'serverUrl' | 'token'>,
): Promise<Meeting> {
  const roomName = `Bench ${randomBytes(4).toString('hex')}`
  const anyone = product.client()
  const joins = []
  for (let index = 0; index < count; index++) {
    joins.push(await anyone.rooms.join.mutate({ roomName, participantName: `Person ${index + 1}` }))
  }
  const people = await Participants.join(
    joins.map(({ serverUrl, token }) => ({ serverUrl, token, ...camera })),
  )
  return {
    roomName,
    people,
    client: product.client(joins[0]?.token),
    [Symbol.asyncDispose]: () => people[Symbol.asyncDispose](),
  }
}
