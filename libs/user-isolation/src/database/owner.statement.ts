import type { PoolClient, QueryResult } from 'pg';
import { OWNER_SETTING } from '../isolation.constants.ts';
import { leavesUsable } from './connection.errors.ts';

/** The owner of a statement without a user; no row has it. */
export const NOBODY = '';

/** One statement outside of a transaction, and the user in whose scope it runs. */
export interface OwnerStatement {
  /** A user's id, or {@link NOBODY}. */
  readonly owner: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The connections a statement may run on. */
export interface Connections {
  /** Whether it may run between statements of others: the runner has no connection yet, and left nothing on one. */
  readonly mayShare: boolean;
  /** The runner's own, which nobody else uses until the runner is released. */
  own(): Promise<PoolClient>;
}

/** Sends a statement so that the owner's setting holds for it, and for nothing after it. */
export type SendAsOwner = (statement: OwnerStatement, connections: Connections) => Promise<QueryResult>;

/**
 * The plain way, with what pg documents: a transaction around the statement, in three round trips. `fast/` has a way
 * with one.
 */
export const sendInTransaction: SendAsOwner = async ({ owner, text, values }, connections) => {
  const client = await connections.own();
  await client.query(`BEGIN; ${settingOwner(client, owner)}`);
  try {
    const result = await client.query(single(text, values));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A connection that no longer answers is closed by the caller.
    if (leavesUsable(error)) await client.query('ROLLBACK');
    throw error;
  }
};

/** SET LOCAL rather than set_config: it takes no snapshot, so that SET TRANSACTION may still follow. */
export function settingOwner(client: PoolClient, owner: string): string {
  return `SET LOCAL ${OWNER_SETTING} = ${client.escapeLiteral(owner)}`;
}

/** A query that PostgreSQL refuses when its text has several statements: the extended protocol takes one. */
export function single(text: string, values: readonly unknown[]): { text: string; values: unknown[] } {
  return Object.assign({ text, values: [...values] }, { queryMode: 'extended' });
}
