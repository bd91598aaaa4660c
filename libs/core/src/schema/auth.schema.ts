/** One column of Better Auth's that is read. */
export interface ColumnMap {
  /** What the objects made of a row call it, e.g. `expiresAt`. */
  readonly property: string;
  /** What the database calls it, quoted. */
  readonly sql: string;
  /** `time`: read as a Date. `text`: may be long, so only its beginning is read. */
  readonly kind: 'time' | 'text' | 'other';
  /** Whether it is in the objects made of a row; the token never is. */
  readonly isSelected: boolean;
  /** Makes of what pg returns what the objects hold. Left out: it stays as it is. */
  readonly hydrate?: (value: unknown) => unknown;
}

/** One table of Better Auth's, as it is in this database. */
export interface TableMap {
  /** Quoted and with its schema, so that nothing in front of it in the search path is taken for it. */
  readonly path: string;
  readonly columns: readonly ColumnMap[];
  /** Properties whose columns aren't here because their plugin isn't. The objects hold null for them. */
  readonly absent: readonly string[];
  /** Of the objects made of its rows. */
  readonly prototype: object;
}

/** What Better Auth's tables are called in one database, and what can be done with them there. */
export interface AuthSchema {
  readonly session: TableMap;
  readonly user: TableMap;
  /** `jwks` of the jwt plugin, quoted and with its schema; null where its keys can't be read. */
  readonly signingKeys: string | null;
  /** `member` of the organization plugin, quoted and with its schema. */
  readonly member: string;
  /** Why `member` can't be read; null when it can. */
  readonly memberProblem: string | null;
  /** The function that finds sessions by token, quoted; null where the role must read the token itself. */
  readonly tokenLookup: string | null;
  /** Whether revocations are announced; without them nothing may be remembered. */
  readonly announcesRevocations: boolean;
}
