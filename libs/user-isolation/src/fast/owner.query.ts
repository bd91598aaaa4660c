import type { QueryResult, QueryResultRow } from 'pg';
import { OWNER_SETTING } from '../isolation.constants.ts';
import { BaseQuery, type PgConnection } from './pg-internals.ts';

const SET_OWNER_NAME = 'isolation_set_owner';
const SET_OWNER_SQL = `select set_config('${OWNER_SETTING}', $1, true)`;

/**
 * One statement in the owner's scope, in one round trip and without BEGIN and COMMIT.
 *
 * PostgreSQL runs everything between two Sync messages of the extended protocol as one implicit transaction. Sending
 * `set_config(…, true)` and the statement before a single Sync therefore makes the setting hold for exactly that
 * statement: it ends with it, and the connection goes back to the pool without a user.
 */
export class OwnerQuery extends BaseQuery {
  #settingOwner = true;
  readonly #statement: { readonly name: string | undefined; readonly text: string };

  constructor(
    private readonly owner: string,
    text: string,
    values: readonly unknown[] | undefined,
    name?: string,
  ) {
    super({ text, values: values ?? [], queryMode: 'extended', ...(name !== undefined && { name }) });
    this.#statement = { name: this.name, text };
  }

  override submit(connection: PgConnection): Error | null {
    connection.stream.cork?.();
    try {
      if (
        connection.parsedStatements[SET_OWNER_NAME] === undefined &&
        connection.submittedNamedStatements[SET_OWNER_NAME] === undefined
      ) {
        connection.parse({ text: SET_OWNER_SQL, name: SET_OWNER_NAME });
        connection.submittedNamedStatements[SET_OWNER_NAME] = SET_OWNER_SQL;
      }
      connection.bind({ statement: SET_OWNER_NAME, values: [this.owner] });
      connection.execute({});
      this.prepare(connection);
    } finally {
      connection.stream.uncork?.();
    }
    // The client records the next ParseComplete under the name of the active query, and the owner's statement is first.
    this.name = SET_OWNER_NAME;
    this.text = SET_OWNER_SQL;
    return null;
  }

  override handleDataRow(message: unknown): void {
    if (!this.#settingOwner) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: unknown): void {
    if (!this.#settingOwner) {
      super.handleCommandComplete(message, connection);
      return;
    }
    this.#settingOwner = false;
    this.name = this.#statement.name;
    this.text = this.#statement.text;
  }

  override handleError(error: Error, connection: PgConnection): void {
    // PostgreSQL skipped the statement's own Parse, which pg has recorded as sent.
    if (this.#settingOwner && this.#statement.name !== undefined)
      delete connection.submittedNamedStatements[this.#statement.name];
    super.handleError(error, connection);
  }
}

/**
 * Sends `text` on `client` in the scope of `owner`.
 *
 * @param name prepares the statement under this name, once per connection; one name always means one text
 */
export function queryAs<Row extends QueryResultRow>(
  client: { query(query: OwnerQuery): unknown },
  owner: string,
  text: string,
  values: readonly unknown[] | undefined,
  name?: string,
): Promise<QueryResult<Row>> {
  return new Promise((resolve, reject) => {
    const query = new OwnerQuery(owner, text, values, name);
    query.callback = (error, result) => (error ? reject(error) : resolve(result as QueryResult<Row>));
    client.query(query);
  });
}
