import pg from 'pg';
import type { PoolClient, QueryResult } from 'pg';
import { currentOwner } from '../context/owner.context.ts';
import { OWNER_SETTING } from '../isolation.constants.ts';
import { OwnerMismatchError } from '../isolation.error.ts';
import { queryAs } from './owner.query.ts';
import type { StatementNames } from './statement.names.ts';

/** Codes with which PostgreSQL ends the connection: shutdown, crash, termination, protocol errors. */
const ENDING = /^(?:57P0[1-5]|08)/;

/**
 * Whether the connection still answers after this error. It does after PostgreSQL refused a statement. It doesn't
 * after PostgreSQL ended it, nor when this side stopped waiting: pg gives up on the answer, not on the query, and the
 * next query would wait behind it.
 */
function leavesUsable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !ENDING.test(error.code ?? '');
}

/**
 * Whether PostgreSQL refused the plan it kept and not the statement: a migration changed a column's type
 * (feature_not_supported), or the prepared statement is gone (invalid_sql_statement_name). No row was read by then.
 */
function isPlanOutdated(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '0A000' || error.code === '26000');
}

const BEGIN = /^\s*(?:START\s+TRANSACTION|BEGIN)\b[^;]*$/i;

/**
 * A checked-out connection that sends every statement in the scope of the user the calling code acts for.
 *
 * Outside of a transaction the owner's id travels with the statement; inside of one it was set when the transaction
 * began. In both cases the setting ends with the transaction, so the connection itself never knows a user.
 */
export class IsolatedConnection {
  /** Whose transaction is open; meaningful while the connection reports one. */
  private transactionOwner: string | undefined;
  private inFlight: Promise<unknown> | undefined;

  constructor(
    private readonly client: PoolClient,
    private readonly statements: StatementNames,
    private readonly discard: (reason: Error) => Promise<void>,
  ) {}

  /** Whether a transaction, aborted or not, is open on the connection. */
  get inTransaction(): boolean {
    return this.client.getTransactionStatus() !== 'I';
  }

  /** Whether a statement of `owner` may be sent: always outside of a transaction, inside of one only to its own user. */
  mayServe(owner: string | undefined): boolean {
    return !this.inTransaction || this.transactionOwner === owner;
  }

  /** Sends one statement; statements sent without waiting follow one another. */
  async query(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    const owner = currentOwner();
    const send = (): Promise<QueryResult> => this.send(owner, text, values);
    const sent = this.inFlight === undefined ? send() : this.inFlight.then(send, send);
    this.inFlight = sent;
    try {
      return await sent;
    } catch (error) {
      if (!(error instanceof OwnerMismatchError) && !leavesUsable(error)) await this.discard(error as Error);
      throw error;
    } finally {
      if (this.inFlight === sent) this.inFlight = undefined;
    }
  }

  private send(owner: string | undefined, text: string, values: readonly unknown[] | undefined): Promise<QueryResult> {
    if (!this.mayServe(owner)) return Promise.reject(new OwnerMismatchError());
    if (this.inTransaction) {
      return this.client.query(text, values === undefined ? undefined : [...values]);
    }
    this.transactionOwner = owner;
    if (owner === undefined) return this.client.query(text, values === undefined ? undefined : [...values]);
    if (BEGIN.test(text)) return this.begin(text, owner);
    return this.sendAs(owner, text, values);
  }

  /**
   * Prepares what recurs and depends on nothing but the owner. Any other value may call for a plan of its own: the few
   * that are done, or the million that aren't.
   */
  private async sendAs(owner: string, text: string, values: readonly unknown[] = []): Promise<QueryResult> {
    const name = values.every((value) => value === owner) ? this.statements.nameOf(text) : undefined;
    if (name === undefined) return queryAs(this.client, owner, text, values);
    try {
      return await queryAs(this.client, owner, text, values, name);
    } catch (error) {
      if (!isPlanOutdated(error)) throw error;
      return queryAs(this.client, owner, text, values, this.statements.renew(text, name));
    }
  }

  /** SET LOCAL and not set_config: it takes no snapshot, so that SET TRANSACTION may still follow. */
  private begin(text: string, owner: string): Promise<QueryResult> {
    return this.client.query(`${text}; SET LOCAL ${OWNER_SETTING} = ${this.client.escapeLiteral(owner)}`);
  }
}
