/** A request got no answer: the network, or whoever should have answered, is away. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';

  constructor() {
    super('No answer.');
  }
}
