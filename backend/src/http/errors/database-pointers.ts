import { OWNER_COLUMN } from '@session-guard/isolation';
import type { DataSource } from 'typeorm';
import { ConstraintColumns } from './constraint.columns.ts';
import { causes, databaseFailure, type DatabaseFailure } from './database-failure.ts';
import { isStillReferred } from './database-problem.ts';
import { escapePointer } from './json-pointer.ts';
import { PlacedError } from './placed.error.ts';
import type { Problem, ProblemError } from './problem.ts';

/** The parts of a request that a value can have come from. */
export interface RequestInput {
  readonly body?: unknown;
  readonly params?: unknown;
  readonly query?: unknown;
}

const MESSAGES: Readonly<Record<string, string>> = {
  '23502': 'must not be null',
  '23503': 'names nothing that exists',
  '23505': 'is taken already',
  '23514': 'is not an allowed value',
  '23P01': 'conflicts with what is there already',
};

/** Says which inputs a database error is about. Values are never repeated. */
export class DatabasePointers {
  readonly #constraints: ConstraintColumns;

  constructor(private readonly dataSource: DataSource) {
    this.#constraints = new ConstraintColumns(dataSource);
  }

  /**
   * Adds to the problem of a refused row where in the request it came from: an error for each column of the broken
   * constraint, at the property that was sent for it, or at the row as a whole where none was.
   *
   * @returns the problem as it was, where the database names neither a column nor a constraint
   */
  async complete(problem: Problem, error: unknown, input: RequestInput): Promise<Problem> {
    const failure = databaseFailure(error);
    if (failure === undefined) return problem;
    const base = causes(error).find((cause) => cause instanceof PlacedError)?.pointer ?? '';
    if (isStillReferred(failure, error))
      return base === '' ? problem : { ...problem, errors: [{ pointer: base, message: 'is still referred to' }] };
    const columns = await this.#columnsOf(failure);
    if (columns.length === 0) return problem;
    return { ...problem, errors: this.#errorsOf(failure, columns, input, base) };
  }

  /** Whether the row's owner is no user any more: deleted while the session was remembered. */
  async isOwnerGone(error: unknown): Promise<boolean> {
    const failure = databaseFailure(error);
    if (failure?.sqlState !== '23503') return false;
    const columns = await this.#columnsOf(failure);
    return columns.length > 0 && columns.every((column) => column === OWNER_COLUMN);
  }

  async #columnsOf({ schema, table, column, constraint }: DatabaseFailure): Promise<readonly string[]> {
    if (column !== undefined) return [column];
    if (schema === undefined || table === undefined || constraint === undefined) return [];
    return this.#constraints.of({ schema, table, constraint });
  }

  #errorsOf(
    { sqlState, schema, table }: DatabaseFailure,
    columns: readonly string[],
    input: RequestInput,
    base: string,
  ): ProblemError[] {
    const own = columns.filter((column) => column !== OWNER_COLUMN);
    const together = own.length > 1 && sqlState === '23505' ? ', in this combination' : '';
    const message = `${MESSAGES[sqlState] ?? 'cannot be stored'}${together}`;
    const pointers = own
      .map((column) => locate(this.#propertiesOf(column, schema, table), input, base))
      .filter((pointer) => pointer !== undefined);
    // What a constraint looks at besides, such as a parent that stays as it is, is nothing this request sent.
    return (pointers.length > 0 ? pointers : [base]).map((pointer) => ({ pointer, message }));
  }

  /** What a column may be called in a request, the likeliest first. */
  #propertiesOf(column: string, schema: string | undefined, table: string | undefined): string[] {
    const found = this.dataSource.entityMetadatas
      .filter((entity) => entity.tableName === table && (entity.schema ?? schema) === schema)
      .flatMap((entity) => entity.columns.filter(({ databaseName }) => databaseName === column))
      .map(({ propertyPath }) => propertyPath);
    return [...found, column.replaceAll(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase()), column];
  }
}

function locate(
  properties: readonly string[],
  { body, params, query }: RequestInput,
  base: string,
): string | undefined {
  const places = [
    [base, valueAt(body, base)],
    ['/path', params],
    ['/query', query],
  ] as const;
  for (const [place, value] of places) {
    const property = properties.find((path) => path.split('.').reduce(child, value) !== undefined);
    if (property !== undefined) return `${place}/${property.split('.').map(escapePointer).join('/')}`;
  }
  return undefined;
}

function valueAt(value: unknown, pointer: string): unknown {
  return pointer.split('/').slice(1).reduce(child, value);
}

function child(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
