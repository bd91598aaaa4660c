/**
 * What is known of a statement that PostgreSQL refused. Names and codes only: messages, details and parameters may
 * hold what users wrote, and are left out.
 */
export interface DatabaseFailure {
  readonly sqlState: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  /** PostgreSQL's function that refused: tells two causes of one code apart, in every language. */
  readonly routine?: string;
  /** The SQL with its literals struck out; undefined where the statement is not known. */
  readonly statement?: string;
}

const LONGEST_STATEMENT = 2_000;
const FACTS = ['schema', 'table', 'column', 'constraint', 'routine'] as const;
/** Five characters, as Node's EPIPE and EPERM are too; no class of SQLSTATE begins with E. */
const SQL_STATE = /^[0-9A-DF-Z][0-9A-Z]{4}$/;

/** Reads the failure of a statement from an error, through the wrappers of TypeORM; undefined for any other error. */
export function databaseFailure(error: unknown): DatabaseFailure | undefined {
  const chain = causes(error);
  const found = chain.find((cause) => sqlStateOf(cause) !== undefined);
  if (found === undefined) return undefined;
  const statement = statementOf(error);
  return {
    sqlState: sqlStateOf(found) ?? '',
    ...Object.fromEntries(
      FACTS.map((name) => [name, textOf(found, name)] as const).filter(([, value]) => value !== undefined),
    ),
    ...(statement !== undefined && { statement }),
  };
}

/** The statement that failed, without its literals; undefined where the error knows none. */
export function statementOf(error: unknown): string | undefined {
  const query = causes(error)
    .map((cause) => textOf(cause, 'query'))
    .find((text) => text !== undefined);
  return query === undefined ? undefined : withoutLiterals(query);
}

/** The SQLSTATE of a database error, through the wrappers of TypeORM. */
export function sqlState(error: unknown): string | undefined {
  return databaseFailure(error)?.sqlState;
}

/** The error, what TypeORM wrapped (`driverError`), its `cause` and the members of an AggregateError. */
export function causes(error: unknown, depth = 4): Error[] {
  if (!(error instanceof Error) || depth === 0) return [];
  const inner: unknown[] = [error.cause];
  if ('driverError' in error) inner.push(error.driverError);
  if (error instanceof AggregateError) inner.push(...(error.errors as unknown[]));
  return [error, ...inner.flatMap((cause) => causes(cause, depth - 1))];
}

/**
 * SQL with strings and numbers struck out and white space closed up, at most 2,000 characters.
 *
 * @example
 * withoutLiterals("select * from note where title = 'mine' limit 20") // select * from note where title = '?' limit ?
 */
export function withoutLiterals(sql: string): string {
  const struck = sql
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "'?'")
    .replaceAll(/\be'(?:[^'\\]|\\.|'')*'/gi, "'?'")
    .replaceAll(/'(?:[^']|'')*'/g, "'?'")
    .replaceAll(/(?<![\w$.])\.?\d+(?:\.\d+)?(?:e[+-]?\d+)?\b/gi, '?');
  // A quote too many, or one within a word: a value was written into the text, and where it ends can't be told.
  const isBroken = (struck.match(/'/g)?.length ?? 0) % 2 === 1 || /'\?'\w|\w'\?'/.test(struck);
  const safe = isBroken ? `${struck.slice(0, struck.indexOf("'"))}…` : struck;
  return safe.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_STATEMENT);
}

function sqlStateOf(error: Error): string | undefined {
  const code = textOf(error, 'code');
  return code !== undefined && SQL_STATE.test(code) ? code : undefined;
}

function textOf(error: Error, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
