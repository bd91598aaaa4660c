/** The module can't verify sessions safely here. Each problem names its fix; none holds a secret. */
export class AuthStartupError extends Error {
  override readonly name = 'AuthStartupError';

  constructor(readonly problems: readonly string[]) {
    super(`Session Guard can't start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}
