import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { PoolClient, QueryResult, Submittable } from 'pg';
import { OWNER_SETTING } from '../isolation.constants.ts';
import { currentOwner, currentScope } from '../context/owner.context.ts';
import { AbortedTransactionError, IsolationError, LateStatementError, OwnerMismatchError } from '../isolation.error.ts';
import { explained, leavesUsable } from './connection.errors.ts';
import type { OwnerPlaces } from './owner.places.ts';
import { type Connections, NOBODY, type SendAsOwner, settingOwner, single } from './owner.statement.ts';
import { BEGIN, type Cleanup, cleanupAfter, CLEAR_SESSION } from './session.statements.ts';

/** Milliseconds this side waits beyond a transaction's own limit, so that a live server reports it. */
const ANSWER_MARGIN_MS = 500;

/** The statements with which TypeORM ends a transaction. */
const END = /^(?:COMMIT|ROLLBACK)$/;

/** What the connections of one data source share. */
export interface ConnectionDependencies {
  /** Sends a statement outside of a transaction. */
  readonly sendAsOwner: SendAsOwner;
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
  #client: PoolClient | undefined;
  /** The owner of the open transaction; used only while the connection reports one. */
  #transactionOwner: string | undefined;
  #inFlight: Promise<unknown> | undefined;
  /** Whether the transaction is being ended, or the connection given back: a statement sent now is refused. */
  #ending = false;
  /** Whether a transaction on the connection is that of a single statement, and ends with it. */
  #sendsAlone = false;
  /** A stream that may not have been read to its end. */
  #stream: Readable | undefined;
  /** How the connection must be cleaned before another user's statements run on it. */
  #cleanup: Cleanup = 'nothing';

  constructor(
    private readonly checkout: () => Promise<PoolClient>,
    private readonly discard: (reason: Error) => Promise<void>,
    private readonly dependencies: ConnectionDependencies,
  ) {}

  /** Whether a transaction, aborted or not, is open on the connection. */
  get inTransaction(): boolean {
    return this.#client !== undefined && !this.#sendsAlone && this.#client.getTransactionStatus() !== 'I';
  }

  /** Announces raw SQL: it runs on a connection of its own, and may leave session state there. */
  announce(text: string): void {
    const needed = cleanupAfter(text);
    if (needed !== 'nothing' && this.#cleanup !== 'close') this.#cleanup = needed;
  }

  /**
   * Prepares the connection for another user: waits for its statements and resets its session state. A connection with
   * an open transaction can't be cleared.
   *
   * @throws when the connection must not be used again
   */
  async clear(): Promise<void> {
    this.#ending = true;
    while (this.#inFlight !== undefined) await this.#inFlight.catch(() => undefined);
    if (this.#stream && !this.#stream.closed) {
      const closed = once(this.#stream, 'close');
      this.#stream.destroy();
      await closed;
    }
    if (this.inTransaction) throw new IsolationError('A connection was released with its transaction open.');
    if (this.#cleanup === 'close') throw new IsolationError('A statement was prepared on the connection.');
    if (this.#cleanup === 'clear') await this.#client?.query(CLEAR_SESSION);
  }

  /**
   * Whether a statement of `owner` may be sent: always outside of a transaction, inside of one only to its own user.
   */
  mayServe(owner: string | undefined): boolean {
    return !this.inTransaction || this.#transactionOwner === owner;
  }

  /**
   * Sends one statement; statements sent without waiting follow one another.
   *
   * @throws {AbortedTransactionError} for a COMMIT that PostgreSQL answered by rolling back
   */
  query(text: string, values?: readonly unknown[]): Promise<QueryResult>;
  /** Sends the stream that {@link prepareStream} was for, and returns it, as pg's client does. */
  query<Stream extends Readable & Submittable>(stream: Stream): Stream;
  query(asked: string | (Readable & Submittable), values?: readonly unknown[]): unknown {
    if (typeof asked === 'string') return this.#query(asked, values);
    if (this.#client === undefined) throw new IsolationError('A stream was sent without a connection for it.');
    this.#stream = this.#client.query(asked);
    return this.#stream;
  }

  /**
   * Takes the connection for a stream of nobody's. Its rows come later than this call, so that the setting is the
   * connection's own until {@link clear} takes it back.
   *
   * @param text of the stream's statement
   */
  async prepareStream(text: string): Promise<void> {
    if (!this.mayServe(undefined)) throw new OwnerMismatchError();
    this.announce(text);
    await this.#query(`SET ${OWNER_SETTING} = '${NOBODY}'`);
  }

  async #query(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    if (this.#ending) throw new LateStatementError();
    const owner = currentOwner();
    const send = (): Promise<QueryResult> => this.#send(owner, text, values);
    const sent = this.#inFlight === undefined ? send() : this.#inFlight.then(send, send);
    this.#inFlight = sent;
    const isEnd = END.test(text);
    if (isEnd) this.#ending = true;
    try {
      const result = await sent;
      // PostgreSQL answers COMMIT with ROLLBACK when a statement of the transaction failed: nothing was committed.
      if (text === 'COMMIT' && result.command === 'ROLLBACK') throw new AbortedTransactionError();
      return result;
    } catch (error) {
      if (!(error instanceof IsolationError) && !leavesUsable(error)) await this.discard(error as Error);
      throw explained(error);
    } finally {
      if (isEnd) this.#ending = false;
      if (this.#inFlight === sent) this.#inFlight = undefined;
    }
  }

  async #send(owner: string | undefined, text: string, values: readonly unknown[] = []): Promise<QueryResult> {
    if (!this.mayServe(owner)) throw new OwnerMismatchError();
    if (this.inTransaction) return sendWithin(await this.#own(), text, values);
    this.#transactionOwner = owner;
    // Without an owner the setting is written too, so that a value left on the connection can't be read as the owner.
    const statement = { owner: owner ?? NOBODY, text, values };
    if (BEGIN.test(text)) return begin(await this.#own(), text, statement.owner, this.dependencies.idleLimitMs);
    this.#sendsAlone = true;
    try {
      return await this.dependencies.sendAsOwner(statement, this.#connections);
    } finally {
      this.#sendsAlone = false;
    }
  }

  get #connections(): Connections {
    return {
      mayShare: this.#client === undefined && this.#cleanup === 'nothing',
      own: () => this.#own(),
    };
  }

  async #own(): Promise<PoolClient> {
    return (this.#client ??= await this.checkout());
  }
}

/** Sends a statement of a transaction. Where that has a limit of its own, pg waits a little longer than the limit. */
function sendWithin(client: PoolClient, text: string, values: readonly unknown[]): Promise<QueryResult> {
  const timeout = currentScope()?.transaction?.timeout;
  const limit = timeout === undefined ? {} : { query_timeout: timeout + ANSWER_MARGIN_MS };
  return client.query({ ...single(text, values), ...limit });
}

/**
 * The idle limit is set here and not when connecting, because poolers refuse start-up parameters they don't know. On
 * lines of their own, the settings are no part of a comment at the text's end.
 */
function begin(client: PoolClient, text: string, owner: string, idleLimitMs: number): Promise<QueryResult> {
  return client.query(
    `${text}\n; ${settingOwner(client, owner)}; SET LOCAL idle_in_transaction_session_timeout = ${idleLimitMs}`,
  );
}
