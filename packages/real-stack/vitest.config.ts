export { default } from '@roomreel/tooling/vitest'
