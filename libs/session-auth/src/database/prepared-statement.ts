import pg from 'pg';
import type { Pool } from 'pg';

/**
 * Whether PostgreSQL refused what it keeps under the name and not the statement: a migration changed a column's type
 * (feature_not_supported), or the prepared statement is gone (invalid_sql_statement_name).
 */
function isOutdated(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '0A000' || error.code === '26000');
}

/** A SELECT that each connection of a pool parses and plans once. */
export class PreparedStatement {
  #version = 1;

  constructor(
    private readonly pool: Pool,
    private readonly name: string,
    readonly text: string,
  ) {}

  /** @throws the driver's error when the database can't answer */
  async rows(values: readonly unknown[]): Promise<unknown[][]> {
    const version = this.#version;
    try {
      return await this.#send(values);
    } catch (error) {
      if (!isOutdated(error)) throw error;
      // Under another name every connection prepares it anew. Once, however many report it.
      if (this.#version === version) this.#version += 1;
      return this.#send(values);
    }
  }

  async #send(values: readonly unknown[]): Promise<unknown[][]> {
    const name = `${this.name}-${this.#version}`;
    const { rows } = await this.pool.query<unknown[]>({ name, text: this.text, values: [...values], rowMode: 'array' });
    return rows;
  }
}
