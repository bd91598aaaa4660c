/** Times a text is sent before it gets a name. */
const RECURS = 3;
/** Names given out; each takes some room on every connection, here and in PostgreSQL. */
const MAX_NAMES = 100;
/** Texts counted towards a name. */
const MAX_COUNTED = 1_000;

/**
 * A SELECT that lists its columns: `*` means other columns once one is added, and PostgreSQL then refuses the plan it
 * kept.
 */
const PREPARABLE = /^\s*select\b[^*]*$/i;

/**
 * Names for the SELECTs that recur, so that each connection parses and plans them once. For a page of twenty rows that
 * is more than half of PostgreSQL's work.
 *
 * Bounded: names are for good, so code that writes values into its SQL gets none, and takes no room.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #given = 0;

  /** The statement's name, or undefined while it is to be sent without one. */
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

  /** Another name, once PostgreSQL refuses what it keeps under this one: every connection then prepares it anew. */
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
