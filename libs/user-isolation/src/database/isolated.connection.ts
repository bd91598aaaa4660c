import type { PoolClient, QueryResult } from 'pg';
import { currentOwner, currentScope } from '../context/owner.context.ts';
import { OWNER_SETTING } from '../isolation.constants.ts';
import { OwnerMismatchError } from '../isolation.error.ts';
import { isPlanOutdated, leavesUsable } from './connection.errors.ts';
import { queryAs } from './owner.query.ts';
import type { OwnerConnections } from './owner.connections.ts';
import type { SharedConnections } from './shared.connections.ts';
import type { StatementNames } from './statement.names.ts';

/** Milliseconds this side waits beyond a transaction's own limit, so that a live server reports it. */
const ANSWER_MARGIN_MS = 500;

const BEGIN = /^\s*(?:START\s+TRANSACTION|BEGIN)\b[^;]*$/i;

/** What the connections of one data source have in common. */
export interface Surroundings {
  readonly statements: StatementNames;
  /** Where prepared statements run that need no connection of their own; undefined where nothing may be shared. */
  readonly shared: SharedConnections | undefined;
  /** How many connections one owner may hold at once. */
  readonly perOwner: OwnerConnections;
  /** Milliseconds a user's transaction may wait between two statements before PostgreSQL ends it. */
  readonly idleLimitMs: number;
}

/**
 * What a query runner sends its statements through: every one in the scope of the user the calling code acts for.
 *
 * Outside of a transaction the owner's id travels with the statement; inside of one it was set when the transaction
 * began. In both cases the setting ends with the transaction, so the connection itself never knows a user. It is
 * taken from the pool by the first statement that needs one to itself.
 */
export class IsolatedConnection {
  private client: PoolClient | undefined;
  /** Whose transaction is open; meaningful while the connection reports one. */
  private transactionOwner: string | undefined;
  private inFlight: Promise<unknown> | undefined;

  constructor(
    private readonly checkout: () => Promise<PoolClient>,
    private readonly discard: (reason: Error) => Promise<void>,
    private readonly surroundings: Surroundings,
  ) {}

  /** Whether a transaction, aborted or not, is open on the connection. */
  get inTransaction(): boolean {
    return this.client !== undefined && this.client.getTransactionStatus() !== 'I';
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

  private async send(owner: string | undefined, text: string, values: readonly unknown[] | undefined): Promise<QueryResult> {
    if (!this.mayServe(owner)) throw new OwnerMismatchError();
    const name = owner !== undefined && !this.inTransaction ? this.nameOf(owner, text, values) : undefined;
    if (owner !== undefined && name !== undefined) return this.sendPrepared(owner, text, values, name);
    const client = await this.own();
    if (this.inTransaction) return sendWithin(client, text, values);
    this.transactionOwner = owner;
    if (owner === undefined) return client.query(text, values === undefined ? undefined : [...values]);
    if (BEGIN.test(text)) return begin(client, text, owner, this.surroundings.idleLimitMs);
    return queryAs(client, owner, text, values);
  }

  /**
   * Prepares what recurs and depends on nothing but the owner. Any other value may call for a plan of its own: the few
   * that are done, or the million that aren't.
   */
  private nameOf(owner: string, text: string, values: readonly unknown[] = []): string | undefined {
    return values.every((value) => value === owner) ? this.surroundings.statements.nameOf(text) : undefined;
  }

  private async sendPrepared(owner: string, text: string, values: readonly unknown[] | undefined, name: string): Promise<QueryResult> {
    try {
      return await this.sendNamed(owner, text, values, name);
    } catch (error) {
      if (!isPlanOutdated(error)) throw error;
      return this.sendNamed(owner, text, values, this.surroundings.statements.renew(text, name));
    }
  }

  private sendNamed(owner: string, text: string, values: readonly unknown[] | undefined, name: string): Promise<QueryResult> {
    const { shared } = this.surroundings;
    // A runner that has its connection keeps to it. What doesn't even name the owner may do anything, raw SQL above all:
    // wait, or end its connection.
    if (this.client === undefined && shared !== undefined && values !== undefined && values.length > 0) return shared.run((client) => queryAs(client, owner, text, values, name));
    return this.own().then((client) => queryAs(client, owner, text, values, name));
  }

  private async own(): Promise<PoolClient> {
    return (this.client ??= await this.checkout());
  }
}

/** In a transaction that asked for a limit of its own, pg waits as long as PostgreSQL works, and a little longer. */
function sendWithin(client: PoolClient, text: string, values: readonly unknown[] | undefined): Promise<QueryResult> {
  const timeout = currentScope()?.transaction?.timeout;
  const config = { text, ...(values !== undefined && { values: [...values] }) };
  return client.query(timeout === undefined ? config : Object.assign(config, { query_timeout: timeout + ANSWER_MARGIN_MS }));
}

/**
 * SET LOCAL and not set_config: it takes no snapshot, so that SET TRANSACTION may still follow. The limit on idling is
 * set here and not when the connection is made: poolers refuse parameters they don't know.
 */
function begin(client: PoolClient, text: string, owner: string, idleLimitMs: number): Promise<QueryResult> {
  return client.query(
    `${text}; SET LOCAL ${OWNER_SETTING} = ${client.escapeLiteral(owner)}; SET LOCAL idle_in_transaction_session_timeout = ${idleLimitMs}`,
  );
}
