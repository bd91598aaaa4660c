import pg from 'pg';
import type { PoolClient, QueryResult } from 'pg';

// What is used of pg that it doesn't document. `pg-internals.test.ts` says what broke when a version changes it;
// `createPlainIsolatedDataSource` does without.

/** The part of pg's connection that a query object uses; in pg's own types the argument `more` is required. */
export interface PgConnection {
  readonly stream: { cork?(): void; uncork?(): void };
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  parse(message: { text: string; name: string }): void;
  bind(message: { statement: string; values: readonly string[] }): void;
  execute(message: Record<string, never>): void;
}

/** Members of pg's query object that its published types don't show. */
interface QueryInternals {
  name: string | undefined;
  text: string;
  callback: ((error: Error | undefined, result: QueryResult) => void) | undefined;
  submit(connection: unknown): Error | null;
  prepare(connection: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: unknown): void;
  handleError(error: Error, connection: unknown): void;
}

/** pg's query object with the methods its client calls; `@types/pg` shows only `submit`. */
export const BaseQuery = pg.Query as unknown as new (config: {
  text: string;
  values: readonly unknown[];
  queryMode: 'extended';
  name?: string;
}) => QueryInternals;

interface Pipelined {
  pipeline: boolean;
  readonly connection: { readonly stream: { cork(): void; uncork(): void } };
}

const internalsOf = (client: PoolClient): Pipelined => client;

/** Lets a client send statements without waiting for the answers before them. It then refuses cursors. */
export function pipeline(client: PoolClient, isOn: boolean): void {
  internalsOf(client).pipeline = isOn;
}

/** Keeps back what a client writes; the returned function sends it. */
export function gatherWrites(client: PoolClient): () => void {
  const { stream } = internalsOf(client).connection;
  stream.cork();
  return () => stream.uncork();
}
