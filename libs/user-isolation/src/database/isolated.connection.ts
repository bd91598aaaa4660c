import type { PoolClient, QueryResult } from 'pg';
import { currentOwner, currentScope } from '../context/owner.context.ts';
import { OWNER_SETTING } from '../isolation.constants.ts';
import { AbortedTransactionError, IsolationError, LateStatementError, OwnerMismatchError } from '../isolation.error.ts';
import { explained, isConnectionEnded, isPlanOutdated, leavesUsable } from './connection.errors.ts';
import type { OwnerPlaces } from './owner.places.ts';
import { NOBODY, queryAs } from './owner.query.ts';
import { type Cleanup, cleanupAfter, CLEAR_SESSION } from './session.statements.ts';
import type { SharedConnections } from './shared.connections.ts';
import type { StatementNames } from './statement.names.ts';

/** Milliseconds this side waits beyond a transaction's own limit, so that a live server reports it. */
const ANSWER_MARGIN_MS = 500;

const BEGIN = /^\s*(?:START\s+TRANSACTION|BEGIN)\b[^;]*$/i;

/** The statements with which TypeORM ends a transaction. */
const END = /^(?:COMMIT|ROLLBACK)$/;

/** What the connections of one data source share. */
export interface ConnectionDependencies {
  readonly statements: StatementNames;
  /** Runs prepared statements on shared connections; undefined where nothing may be shared. */
  readonly shared: SharedConnections | undefined;
  /** How many connections owners may hold at once. */
  readonly places: OwnerPlaces;
  /** Milliseconds a user's transaction may wait between two statements before PostgreSQL ends it. */
  readonly idleLimitMs: number;
}

/**
 * The connection of a query runner. Each statement runs in the scope of the user for whom the calling code acts.
 *
 * Outside of a transaction the owner's id is sent with the statement; inside of one it was set when the transaction
 * began. In both cases the setting ends with the transaction, so the connection itself has no user. The first
 * statement that needs a connection of its own takes it from the pool.
 */
export class IsolatedConnection {
  private client: PoolClient | undefined;
  /** The owner of the open transaction; used only while the connection reports one. */
  private transactionOwner: string | undefined;
  private inFlight: Promise<unknown> | undefined;
  /** Whether the transaction is being ended, or the connection given back: a statement sent now is refused. */
  private ending = false;
  /** How the connection must be cleaned before another user's statements run on it. */
  private cleanup: Cleanup = 'nothing';

  constructor(
    private readonly checkout: () => Promise<PoolClient>,
    private readonly discard: (reason: Error) => Promise<void>,
    private readonly dependencies: ConnectionDependencies,
  ) {}

  /** Whether a transaction, aborted or not, is open on the connection. */
  get inTransaction(): boolean {
    return this.client !== undefined && this.client.getTransactionStatus() !== 'I';
  }

  /** Announces raw SQL: it runs on a connection of its own, and may leave session state there. */
  announce(text: string): void {
    const needed = cleanupAfter(text);
    if (needed !== 'nothing' && this.cleanup !== 'close') this.cleanup = needed;
  }

  /**
   * Prepares the connection for another user: waits for its statements and resets its session state. A connection with
   * an open transaction can't be cleared.
   *
   * @throws when the connection must not be used again
   */
  async clear(): Promise<void> {
    this.ending = true;
    while (this.inFlight !== undefined) await this.inFlight.catch(() => undefined);
    if (this.inTransaction) throw new IsolationError('A connection was released with its transaction open.');
    if (this.cleanup === 'close') throw new IsolationError('A statement was prepared on the connection.');
    if (this.cleanup === 'clear') await this.client?.query(CLEAR_SESSION);
  }

  /**
   * Whether a statement of `owner` may be sent: always outside of a transaction, inside of one only to its own user.
   */
  mayServe(owner: string | undefined): boolean {
    return !this.inTransaction || this.transactionOwner === owner;
  }

  /**
   * Sends one statement; statements sent without waiting follow one another.
   *
   * @throws {AbortedTransactionError} for a COMMIT that PostgreSQL answered by rolling back
   */
  async query(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    if (this.ending) throw new LateStatementError();
    const owner = currentOwner();
    const send = (): Promise<QueryResult> => this.send(owner, text, values);
    const sent = this.inFlight === undefined ? send() : this.inFlight.then(send, send);
    this.inFlight = sent;
    const isEnd = END.test(text);
    if (isEnd) this.ending = true;
    try {
      const result = await sent;
      // PostgreSQL answers COMMIT with ROLLBACK when a statement of the transaction failed: nothing was committed.
      if (text === 'COMMIT' && result.command === 'ROLLBACK') throw new AbortedTransactionError();
      return result;
    } catch (error) {
      if (!(error instanceof IsolationError) && !leavesUsable(error)) await this.discard(error as Error);
      throw explained(error);
    } finally {
      if (isEnd) this.ending = false;
      if (this.inFlight === sent) this.inFlight = undefined;
    }
  }

  private async send(
    owner: string | undefined,
    text: string,
    values: readonly unknown[] | undefined,
  ): Promise<QueryResult> {
    if (!this.mayServe(owner)) throw new OwnerMismatchError();
    const name = owner !== undefined && !this.inTransaction ? this.nameOf(owner, text, values) : undefined;
    if (owner !== undefined && name !== undefined) return this.sendPrepared(owner, text, values, name);
    const client = await this.own();
    if (this.inTransaction) return sendWithin(client, text, values);
    this.transactionOwner = owner;
    // Without an owner the setting is written too, so that a value left on the connection can't be read as the owner.
    if (BEGIN.test(text)) return begin(client, text, owner ?? NOBODY, this.dependencies.idleLimitMs);
    return queryAs(client, owner ?? NOBODY, text, values);
  }

  /**
   * Prepares a statement that recurs and whose only parameter is the owner. Other values may need different plans:
   * "done" may match three rows of one user and a million of another.
   */
  private nameOf(owner: string, text: string, values: readonly unknown[] = []): string | undefined {
    return values.every((value) => value === owner) ? this.dependencies.statements.nameOf(text) : undefined;
  }

  private async sendPrepared(
    owner: string,
    text: string,
    values: readonly unknown[] | undefined,
    name: string,
  ): Promise<QueryResult> {
    try {
      return await this.sendNamed(owner, text, values, name);
    } catch (error) {
      if (!isPlanOutdated(error)) throw error;
      return this.sendNamed(owner, text, values, this.dependencies.statements.renew(text, name));
    }
  }

  private sendNamed(
    owner: string,
    text: string,
    values: readonly unknown[] | undefined,
    name: string,
  ): Promise<QueryResult> {
    const { shared } = this.dependencies;
    const submit = (client: PoolClient): Promise<QueryResult> => queryAs(client, owner, text, values, name);
    // A runner that has its connection keeps using it. A statement without the owner as a parameter, such as raw SQL,
    // isn't shared: it may be slow, or end its connection.
    const mayShare =
      this.client === undefined && this.cleanup === 'nothing' && values !== undefined && values.length > 0;
    if (shared !== undefined && mayShare) return this.sendShared(shared, submit);
    return this.own().then(submit);
  }

  /**
   * Only reads are shared. One whose connection ended is sent once more, on a connection of its own: the end may have
   * been meant for another statement there.
   */
  private async sendShared(
    shared: SharedConnections,
    submit: (client: PoolClient) => Promise<QueryResult>,
  ): Promise<QueryResult> {
    try {
      return await shared.run(submit);
    } catch (error) {
      if (!isConnectionEnded(error)) throw error;
      return submit(await this.own());
    }
  }

  private async own(): Promise<PoolClient> {
    return (this.client ??= await this.checkout());
  }
}

/**
 * Sends a single statement: the extended protocol refuses several in one string. In a transaction with a limit of its
 * own, pg waits a little longer than that limit.
 */
function sendWithin(client: PoolClient, text: string, values: readonly unknown[] | undefined): Promise<QueryResult> {
  const timeout = currentScope()?.transaction?.timeout;
  const limit = timeout === undefined ? {} : { query_timeout: timeout + ANSWER_MARGIN_MS };
  return client.query(Object.assign({ text, values: [...(values ?? [])] }, { queryMode: 'extended', ...limit }));
}

/**
 * SET LOCAL rather than set_config: it takes no snapshot, so that SET TRANSACTION may still follow. The idle limit is
 * set here and not when connecting, because poolers refuse start-up parameters they don't know.
 */
function begin(client: PoolClient, text: string, owner: string, idleLimitMs: number): Promise<QueryResult> {
  return client.query(
    `${text}; SET LOCAL ${OWNER_SETTING} = ${client.escapeLiteral(owner)}; SET LOCAL ` +
      `idle_in_transaction_session_timeout = ${idleLimitMs}`,
  );
}
