import type { Pool } from 'pg';
import type { DataSource, EntityMetadata } from 'typeorm';
import type { AuthenticatedSession, AuthenticatedUser, Identity, RefusalReason } from './auth.types.ts';
import { PLUGIN_SESSION_COLUMNS } from './entities/session.entity.ts';
import { PLUGIN_USER_COLUMNS } from './entities/user.entity.ts';
import { BatchedLookup } from './database/batched.lookup.ts';
import { poolOf } from './database/pool.ts';
import { PreparedStatement } from './database/prepared-statement.ts';
import { ReadColumns } from './database/read-columns.ts';

/** An impersonated session counts for an hour from its creation, however far Better Auth's refresh moves `expiresAt`. */
const IMPERSONATION_LIMIT = "interval '1 hour'";

/** What the database says of one session. */
export type SessionRecord =
  | { readonly identity: Identity; /** Milliseconds until it stops counting, by the database's clock. */ readonly ttl: number }
  | { readonly refused: Extract<RefusalReason, 'unknown_session' | 'expired' | 'user_missing' | 'banned' | 'impersonation_over'> };

const UNKNOWN: SessionRecord = { refused: 'unknown_session' };

type State = 'ok' | 'expired' | 'user_missing' | 'banned' | 'impersonation_over';

/**
 * Reads Better Auth's session with its user in **one** indexed statement, which lookups at the same time share, and
 * leaves every judgement of time to the database's clock. The statement is built once from the entities' metadata (so
 * custom columns and renamed tables work) and prepared by name on each connection, which costs half of what a query
 * builder does per call.
 */
export class SessionRepository {
  readonly #pool: Pool;
  readonly #dataSource: DataSource;
  readonly #session: ReadColumns;
  readonly #user: ReadColumns;
  readonly #byToken: BatchedLookup<SessionRecord>;
  readonly #byId: BatchedLookup<SessionRecord>;

  /** @param absent columns of Better Auth's plugins that this database doesn't have, as `table.column` */
  constructor(dataSource: DataSource, session: EntityMetadata, user: EntityMetadata, absent: ReadonlySet<string>) {
    this.#dataSource = dataSource;
    this.#pool = poolOf(dataSource);
    this.#session = new ReadColumns(dataSource, session, 's', PLUGIN_SESSION_COLUMNS, absent);
    this.#user = new ReadColumns(dataSource, user, 'u', PLUGIN_USER_COLUMNS, absent);
    this.#byToken = this.#lookup('token');
    this.#byId = this.#lookup('id');
  }

  /** Looks a session up by its raw token. @throws the driver's error when the database can't answer */
  async findByToken(token: string): Promise<SessionRecord> {
    return (await this.#byToken.find(token)) ?? UNKNOWN;
  }

  /** Looks a session up by its id, the `sid` of a JWT. @throws the driver's error when the database can't answer */
  async findById(id: string): Promise<SessionRecord> {
    return (await this.#byId.find(id)) ?? UNKNOWN;
  }

  /** What memory keeps of an identity. Two thirds of the room of the objects themselves. */
  pack({ session, user }: Identity): readonly unknown[] {
    // concat makes an array of exactly this length; spread would leave room for half as many again.
    const values = this.#session.pack(session).concat(this.#user.pack(user));
    // The session's userId and the user's id are equal, and two strings until here.
    return values.map((value) => (value === user.id ? user.id : value));
  }

  /** The identity again, from what {@link pack} made of it. */
  unpack(packed: readonly unknown[]): Identity {
    const session = this.#session.unpack(packed, 0) as AuthenticatedSession;
    const user = this.#user.unpack(packed, this.#session.count) as AuthenticatedUser;
    return { user, session };
  }

  #lookup(key: 'token' | 'id'): BatchedLookup<SessionRecord> {
    const statement = new PreparedStatement(this.#pool, `session-guard-by-${key}`, this.#statement(key));
    return new BatchedLookup(async (values) => {
      // To TypeORM's log goes the statement, with its values left out: they may be tokens.
      this.#dataSource.logger.logQuery(statement.text, ['<credentials>']);
      const rows = await statement.rows([values]);
      return new Map(rows.map((row) => [row[0] as string, this.#recordOf(row)]));
    });
  }

  #recordOf(row: readonly unknown[]): SessionRecord {
    const state = row[1] as State;
    if (state !== 'ok') return { refused: state };
    const session = this.#session.hydrate(row, 3) as AuthenticatedSession;
    const user = this.#user.hydrate(row, 3 + this.#session.count) as AuthenticatedUser;
    return { identity: { user, session }, ttl: row[2] as number };
  }

  #statement(key: 'token' | 'id'): string {
    const s = this.#session;
    const u = this.#user;
    const impersonated = s.has('impersonatedBy')
      ? `${s.sql('impersonatedBy')} is not null`
      : 'false';
    const banned = u.has('banned')
      ? `${u.sql('banned')} and (${u.sql('banExpires')} is null or ${u.sql('banExpires')} > now())`
      : 'false';
    const end = `least(${s.sql('expiresAt')}, case when ${impersonated} then ${s.sql('createdAt')} + ${IMPERSONATION_LIMIT} end)`;
    // The key comes first, as text: by it each row finds the lookup that asked for it.
    return `
      select ${s.sql(key)}::text,
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
      from ${s.table} s
      left join ${u.table} u on ${u.sql('id')} = ${s.sql('userId')}
      where ${s.sql(key)} = any($1)`;
  }
}
