/** What whoever started the process can set right: told in words, without a stack. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError'
}

/** All that is wrong with the environment, in one message. */
export class ConfigError extends OperatorError {
  override readonly name = 'ConfigError'

  constructor(readonly faults: readonly string[]) {
    super(`The environment is not right:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
  }
}
