import type { Pool } from 'pg';
import type { DataSource, EntityMetadata } from 'typeorm';
import type { AuthenticatedSession, AuthenticatedUser, Identity, RefusalReason } from './auth.types.ts';
import { PLUGIN_SESSION_COLUMNS } from './entities/session.entity.ts';
import { PLUGIN_USER_COLUMNS } from './entities/user.entity.ts';
import { BatchedLookup } from './database/batched.lookup.ts';
import { poolOf } from './database/pool.ts';
import { PreparedStatement } from './database/prepared-statement.ts';
import { ReadColumns } from './database/read-columns.ts';
import type { Packed } from './verdicts/packed.ts';
import type { Found } from './verdicts/verdict.cache.ts';
import type { AuthSchema } from './startup/schema.inspector.ts';

/** An impersonated session counts for an hour from its creation, however far Better Auth's refresh moves `expiresAt`. */
const IMPERSONATION_LIMIT = "interval '1 hour'";

/** What the database says of one session. {@link SessionRepository.unpack} makes its identity. */
export type SessionRecord =
  | (Found & { /** Milliseconds until it stops counting, by the database's clock. */ readonly ttl: number })
  | {
      readonly refused: Extract<
        RefusalReason,
        'unknown_session' | 'expired' | 'user_missing' | 'banned' | 'impersonation_over'
      >;
    };

/** The key, the state and the milliseconds left come before the columns. */
const CELLS_BEFORE = 3;

const UNKNOWN: SessionRecord = { refused: 'unknown_session' };

type State = 'ok' | 'expired' | 'user_missing' | 'banned' | 'impersonation_over';

/**
 * Reads Better Auth's session with its user in **one** indexed statement, which lookups at the same time share, and
 * leaves every judgement of time to the database's clock. The statement is built once from the entities' metadata (so
 * custom columns and renamed tables work) and prepared by name on each connection, which costs half of what a query
 * builder does per call. It names the schema of its tables, so that a temporary table can't stand in for one.
 *
 * A role that may not read tokens finds its session through the function of `grantVerification()`.
 */
export class SessionRepository {
  readonly #pool: Pool;
  readonly #dataSource: DataSource;
  readonly #session: ReadColumns;
  readonly #user: ReadColumns;
  readonly #byToken: BatchedLookup<readonly unknown[]>;
  readonly #byId: BatchedLookup<readonly unknown[]>;

  /** @param schema what was found in this database at start */
  constructor(
    dataSource: DataSource,
    session: EntityMetadata,
    user: EntityMetadata,
    private readonly schema: AuthSchema,
  ) {
    const { absent } = schema;
    this.#dataSource = dataSource;
    this.#pool = poolOf(dataSource);
    this.#session = new ReadColumns(dataSource, session, 's', PLUGIN_SESSION_COLUMNS, absent);
    this.#user = new ReadColumns(dataSource, user, 'u', PLUGIN_USER_COLUMNS, absent);
    this.#byToken = this.#lookup('token');
    this.#byId = this.#lookup('id');
  }

  /** Looks a session up by its raw token. @throws the driver's error when the database can't answer */
  async findByToken(token: string): Promise<SessionRecord> {
    return this.#recordOf(await this.#byToken.find(token));
  }

  /** Looks a session up by its id, the `sid` of a JWT. @throws the driver's error when the database can't answer */
  async findById(id: string): Promise<SessionRecord> {
    return this.#recordOf(await this.#byId.find(id));
  }

  /** The identity in a record: frozen, and with everything in it made anew, so that nothing is shared by two requests. */
  unpack(packed: Packed): Identity {
    const session = this.#session.unpack(packed, 0) as AuthenticatedSession;
    const user = this.#user.unpack(packed, this.#session.count) as AuthenticatedUser;
    return { user, session };
  }

  #pack(row: readonly unknown[]): Packed {
    // concat makes an array of exactly this length; spread would leave room for half as many again.
    const values = this.#session
      .pack(row, CELLS_BEFORE)
      .concat(this.#user.pack(row, CELLS_BEFORE + this.#session.count));
    const userId = this.#user.packedValue(values, this.#session.count, 'id');
    // The session's userId and the user's id are equal, and two strings until here.
    return values.map((value) => (value === userId ? userId : value));
  }

  #lookup(key: 'token' | 'id'): BatchedLookup<readonly unknown[]> {
    const statement = new PreparedStatement(this.#pool, `session-guard-by-${key}`, this.#statement(key));
    return new BatchedLookup<readonly unknown[]>(async (values) => {
      // To TypeORM's log goes the statement, with its values left out: they may be tokens.
      this.#dataSource.logger.logQuery(statement.text, ['<credentials>']);
      const rows = await statement.rows([values]);
      return new Map(rows.map((row) => [row[0] as string, row]));
    });
  }

  #recordOf(row: readonly unknown[] | undefined): SessionRecord {
    if (!row) return UNKNOWN;
    const state = row[1] as State;
    if (state !== 'ok') return { refused: state };
    const packed = this.#pack(row);
    return {
      sessionId: String(this.#session.packedValue(packed, 0, 'id')),
      userId: String(this.#user.packedValue(packed, this.#session.count, 'id')),
      packed,
      ttl: row[2] as number,
    };
  }

  #statement(key: 'token' | 'id'): string {
    const s = this.#session;
    const u = this.#user;
    const impersonated = s.has('impersonatedBy') ? `${s.sql('impersonatedBy')} is not null` : 'false';
    const banned = u.has('banned')
      ? `${u.sql('banned')} and (${u.sql('banExpires')} is null or ${u.sql('banExpires')} > now())`
      : 'false';
    const { tables, tokenLookup } = this.schema;
    const end = `least(${s.sql('expiresAt')}, case when ${impersonated} then ${s.sql('createdAt')} + ${IMPERSONATION_LIMIT} end)`;
    const through = key === 'token' ? tokenLookup : undefined;
    // The key comes first, as text: by it each row finds the lookup that asked for it.
    return `
      select ${through ? 'given.token' : s.sql(key)}::text,
        case
          when not ${s.sql('expiresAt')} > now() then 'expired'
          when ${u.sql('id')} is null then 'user_missing'
          when ${banned} then 'banned'
          when not ${end} > now() then 'impersonation_over'
          else 'ok'
        end,
        (extract(epoch from ${end} - now()) * 1000)::float8,
        ${s.list()},
        ${u.list()}
      from ${through ? `${through}($1) given join ${tables.session} s on ${s.sql('id')} = given.id` : `${tables.session} s`}
      left join ${tables.user} u on ${u.sql('id')} = ${s.sql('userId')}
      ${through ? '' : `where ${s.sql(key)} = any($1)`}`;
  }
}
