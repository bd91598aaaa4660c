import type { PoolClient, QueryResult } from 'pg';
import { isConnectionEnded, isPlanOutdated } from '../database/connection.errors.ts';
import { type Connections, NOBODY, type OwnerStatement, type SendAsOwner } from '../database/owner.statement.ts';
import { queryAs } from './owner.query.ts';
import type { SharedConnections } from './shared.connections.ts';
import { StatementNames } from './statement.names.ts';

type Submit = (client: PoolClient) => Promise<QueryResult>;

/**
 * Sends statements in one round trip each; those that recur are prepared, and run on shared connections.
 *
 * @param shared runs prepared statements between those of others; undefined where nothing may be shared
 */
export function fastStatements(names: StatementNames, shared: SharedConnections | undefined): SendAsOwner {
  return async (statement, connections) => {
    const { owner, text, values } = statement;
    const name = isForOwnerAlone(statement) ? names.nameOf(text) : undefined;
    if (name === undefined) return queryAs(await connections.own(), owner, text, values);
    const send = (as: string): Promise<QueryResult> =>
      sendNamed((client) => queryAs(client, owner, text, values, as), statement, connections, shared);
    try {
      return await send(name);
    } catch (error) {
      if (!isPlanOutdated(error)) throw error;
      return send(names.renew(text, name));
    }
  };
}

/**
 * Whether the owner is the only parameter. Other values may need different plans: "done" may match three rows of one
 * user and a million of another.
 */
function isForOwnerAlone({ owner, values }: OwnerStatement): boolean {
  return owner !== NOBODY && values.every((value) => value === owner);
}

/**
 * Only reads with the owner as a parameter are shared; raw SQL without it may be slow, or end its connection. A read
 * whose connection ended is sent once more on the runner's own: the end may have been meant for another statement.
 */
async function sendNamed(
  submit: Submit,
  { values }: OwnerStatement,
  connections: Connections,
  shared: SharedConnections | undefined,
): Promise<QueryResult> {
  if (shared === undefined || !connections.mayShare || values.length === 0) return submit(await connections.own());
  try {
    return await shared.run(submit);
  } catch (error) {
    if (!isConnectionEnded(error)) throw error;
    return submit(await connections.own());
  }
}
