import type { LookupRefusal } from '../principal.ts';
import type { AuthObserver } from '../observer.ts';
import { PreparedStatement, type PreparedPool } from '../postgres/prepared-statement.ts';
import { revocationKey } from '../revocation/revocation.payload.ts';
import type { AuthSchema } from '../schema/auth.schema.ts';
import { BatchedLookup } from './batched.lookup.ts';
import type { Packed } from './packed.ts';
import type { SessionLookup, SessionRecord } from './session.lookup.ts';
import { sessionStatement, CELLS_BEFORE_COLUMNS } from './session.statement.ts';
import { StoredSession, type SessionLayout } from './stored.session.ts';
import { TableReader } from './table.reader.ts';

type Row = readonly unknown[];
type State = 'ok' | LookupRefusal;

/** What {@link SessionRepository} tells of its work. */
export interface LookupReports {
  readonly observer?: Pick<AuthObserver, 'lookup'> | undefined;
  /** Each statement as it is sent, without its values: they may be tokens. */
  readonly logStatement?: (sql: string) => void;
}

/**
 * Reads Better Auth's session with its user in **one** indexed statement, which lookups at the same time share, and
 * leaves every judgement of time to the database's clock. The statement is made once from the schema map (so custom
 * columns and renamed tables work) and prepared by name on each connection.
 *
 * A role that may not read tokens finds its session through the function of `grantVerification()`.
 */
export class SessionRepository implements SessionLookup {
  readonly #layout: SessionLayout;
  readonly #byToken: BatchedLookup<Row>;
  readonly #byId: BatchedLookup<Row>;

  /** @param schema what was found in this database at start */
  constructor(
    private readonly pool: PreparedPool,
    private readonly schema: AuthSchema,
    private readonly reports: LookupReports = {},
  ) {
    const session = new TableReader(schema.session, 's');
    const user = new TableReader(schema.user, 'u');
    this.#layout = {
      session,
      user,
      sessionId: session.indexOf('id'),
      userId: session.count + user.indexOf('id'),
    };
    this.#byToken = this.#lookupBy('token');
    this.#byId = this.#lookupBy('id');
  }

  findByToken(token: string): Promise<SessionRecord> {
    return this.#find(this.#byToken, token);
  }

  findById(id: string): Promise<SessionRecord> {
    return this.#find(this.#byId, id);
  }

  async #find(lookup: BatchedLookup<Row>, key: string): Promise<SessionRecord> {
    const startedAt = performance.now();
    const row = await lookup.find(key);
    this.reports.observer?.lookup?.(performance.now() - startedAt);
    if (!row) return { refused: 'unknown_session' };
    const state = row[1] as State;
    if (state !== 'ok') return { refused: state };
    const values = this.#pack(row);
    const sessionId = String(values[this.#layout.sessionId]);
    const userId = String(values[this.#layout.userId]);
    return {
      principal: new StoredSession(values, this.#layout),
      sessionId,
      userId,
      endedBy: [revocationKey(sessionId), revocationKey(userId)],
      ttlMs: row[2] as number,
    };
  }

  #lookupBy(key: 'token' | 'id'): BatchedLookup<Row> {
    const { session, user } = this.#layout;
    const text = sessionStatement(key, session, user, this.schema);
    const statement = new PreparedStatement(this.pool, `session-guard-by-${key}`, text);
    return new BatchedLookup<Row>(async (keys) => {
      this.reports.logStatement?.(text);
      const rows = await statement.rows([keys]);
      return new Map(rows.map((row) => [row[0] as string, row]));
    });
  }

  #pack(row: Row): Packed {
    const { session, user, userId } = this.#layout;
    // concat makes an array of exactly this length; spread would leave room for half as many again.
    const values = session.pack(row, CELLS_BEFORE_COLUMNS).concat(user.pack(row, CELLS_BEFORE_COLUMNS + session.count));
    // The session's userId and the user's id are equal, and two strings until here.
    const id = values[userId];
    return values.map((value) => (value === id ? id : value));
  }
}
