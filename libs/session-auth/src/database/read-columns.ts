import type { DataSource, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { identifier } from './identifier.ts';
import { Snapshot, type Packed } from '../verdicts/packed.ts';

/** A text is read up to here. A session's and a user's columns are read on every miss, up to 256 rows in one answer. */
const MAX_TEXT_CHARACTERS = 65_536;

const TEXT_TYPES: ReadonlySet<unknown> = new Set([String, 'text', 'varchar', 'character varying', 'citext']);

/** The columns of one entity in a hand-written SELECT: their SQL, and the way from a row to frozen objects. */
export class ReadColumns {
  readonly #columns: readonly ColumnMetadata[];
  readonly #absent: readonly ColumnMetadata[];
  readonly #all: ReadonlyMap<string, ColumnMetadata>;
  readonly #prototype: object;
  /** By the place in the list: whether the column's values are Dates. Learned from them. */
  readonly #dates: boolean[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly metadata: EntityMetadata,
    private readonly alias: string,
    optional: readonly string[],
    absent: ReadonlySet<string>,
  ) {
    const isAbsent = (column: ColumnMetadata): boolean =>
      optional.includes(column.propertyName) && absent.has(`${metadata.tableName}.${column.databaseName}`);
    const own = metadata.columns.filter((column) => !column.isVirtual);
    this.#absent = own.filter(isAbsent);
    const present = own.filter((column) => !isAbsent(column));
    this.#columns = present.filter((column) => column.isSelect);
    this.#prototype = (metadata.target as { readonly prototype: object }).prototype;
    this.#all = new Map(present.map((column) => [column.propertyName, column]));
  }

  /** Columns in the list. */
  get count(): number {
    return this.#columns.length;
  }

  has(property: string): boolean {
    return this.#all.has(property);
  }

  /** `alias."column"` of a property. */
  sql(property: string): string {
    const column = this.#all.get(property);
    if (!column) throw new Error(`The entity ${this.metadata.name} has no column for '${property}'.`);
    return `${this.alias}.${identifier(column.databaseName)}`;
  }

  list(): string {
    return this.#columns
      .map((column) => {
        const sql = this.sql(column.propertyName);
        // As long as PostgreSQL lets it be (1 GB), one user's row could fill the memory of every instance.
        return isText(column) ? `left(${sql}::text, ${MAX_TEXT_CHARACTERS})` : sql;
      })
      .join(', ');
  }

  /** The row's cells at `offset`, small and safe from change: a Date takes seven times the room of its milliseconds. */
  pack(row: readonly unknown[], offset: number): unknown[] {
    return this.#columns.map((column, index) => {
      const cell = row[offset + index];
      const value: unknown = this.dataSource.driver.prepareHydratedValue(cell, column);
      if (value instanceof Date) {
        this.#dates[index] = true;
        return value.getTime();
      }
      return typeof value === 'object' && value !== null ? Snapshot.of(cell) : value;
    });
  }

  /** The entity, from the values at `offset` of what {@link pack} made. Frozen, and everything in it its own. */
  unpack(values: Packed, offset: number): object {
    // Not `new`: class fields would put every column on it, the token's name included, as undefined.
    const entity = Object.create(this.#prototype) as Record<string, unknown>;
    for (let index = 0; index < this.#columns.length; index += 1) {
      const column = this.#columns[index];
      if (column) entity[column.propertyName] = this.#read(values[offset + index], column, index);
    }
    for (const column of this.#absent) entity[column.propertyName] = null;
    return Object.freeze(entity);
  }

  /** The value of one property in what {@link pack} made, as it was packed. */
  packedValue(values: Packed, offset: number, property: string): unknown {
    return values[offset + this.#columns.findIndex((column) => column.propertyName === property)];
  }

  #read(value: unknown, column: ColumnMetadata, index: number): unknown {
    if (typeof value === 'number' && this.#dates[index] === true) return new Date(value);
    if (value instanceof Snapshot) return this.dataSource.driver.prepareHydratedValue(value.read(), column);
    return value;
  }
}

function isText({ type, isArray }: ColumnMetadata): boolean {
  return TEXT_TYPES.has(type) && !isArray;
}
