/** Times a text is sent before it gets a name. */
const RECURS = 3;
/** Names at most; each takes memory on every connection, here and in PostgreSQL. */
const MAX_NAMES = 100;
/** Texts whose uses are counted at once. */
const MAX_COUNTED = 1_000;

/** A SELECT that lists its columns. With `*` PostgreSQL would refuse the old plan once a column is added. */
const PREPARABLE = /^\s*select\b[^*]*$/i;

/**
 * Names for SELECTs that recur, so that each connection parses and plans them once. For a page of twenty rows that is
 * more than half of PostgreSQL's work.
 *
 * Names are never freed, so their number is bounded. Code that writes values into its SQL gets no names.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #given = 0;

  /** The statement's name; undefined when it is sent without one. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MAX_NAMES || !PREPARABLE.test(text)) return known;
    const count = (this.#counts.get(text) ?? 0) + 1;
    if (count < RECURS) {
      if (this.#counts.size >= MAX_COUNTED) this.#counts.clear();
      this.#counts.set(text, count);
      return undefined;
    }
    this.#counts.delete(text);
    return this.#give(text);
  }

  /** A new name after PostgreSQL refused the old plan: every connection then prepares the statement again. */
  renew(text: string, refused: string): string {
    const current = this.#names.get(text);
    return current === undefined || current === refused ? this.#give(text) : current;
  }

  #give(text: string): string {
    this.#given += 1;
    const name = `isolation_${this.#given}`;
    this.#names.set(text, name);
    return name;
  }
}
