import type { Client } from 'pg';

/** What is used of pg that it doesn't document. `pg-internals.test.ts` says what broke when a version changes it. */
interface Internals {
  /** Of the server's process that answers, as it said when it connected. */
  readonly processID?: number | null;
  readonly connection: { readonly stream: { destroy(): unknown } };
}

const internalsOf = (client: Client): Internals => client;

/** The process id that the server gave when the connection was made; null where none came. */
export function serverProcessOf(client: Client): number | null {
  return internalsOf(client).processID ?? null;
}

/** Drops a connection without waiting for the other side, which may be frozen. */
export function destroyConnection(client: Client): void {
  internalsOf(client).connection.stream.destroy();
}
