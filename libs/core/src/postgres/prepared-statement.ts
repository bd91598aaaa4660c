import type { Pool } from 'pg';
import { isOutdatedPlan } from './sqlstate.ts';

/** What a {@link PreparedStatement} needs of a pool. */
export type PreparedPool = Pick<Pool, 'query'>;

/** A SELECT that each connection of a pool parses and plans once. */
export class PreparedStatement {
  #version = 1;

  constructor(
    private readonly pool: PreparedPool,
    private readonly name: string,
    readonly text: string,
  ) {}

  /** @throws the driver's error when the database can't answer */
  async rows(values: readonly unknown[]): Promise<unknown[][]> {
    const version = this.#version;
    try {
      return await this.#send(values);
    } catch (error) {
      if (!isOutdatedPlan(error)) throw error;
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
