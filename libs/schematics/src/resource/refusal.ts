/** The generator was asked for something it will not do; the message says why and what to write instead. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
