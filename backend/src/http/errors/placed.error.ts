/** An error of one part of a request, such as an operation of a batch, and where that part is. */
export class PlacedError extends Error {
  override readonly name = 'PlacedError';

  /** @param pointer JSON pointer to the part, e.g. `/operations/2/task` */
  constructor(
    readonly pointer: string,
    cause: unknown,
  ) {
    super('A part of the request failed', { cause });
  }
}
