/** Sessions can't be verified safely here. Each problem names its fix; none holds a secret. */
export class AuthStartupError extends Error {
  override readonly name = 'AuthStartupError';

  /** @param summary what can't be done for the problems that follow */
  constructor(
    readonly problems: readonly string[],
    summary = "Session Guard can't start",
  ) {
    super(`${summary}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}
