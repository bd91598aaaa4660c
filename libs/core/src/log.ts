/** Where the core says what an operator should know. Nest's Logger and `console` are both one. */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
  log(message: string): void;
}
