import type { ColumnMap, TableMap } from '../schema/auth.schema.ts';
import { Snapshot, type Packed } from './packed.ts';

/** A text is read up to here. A session's and a user's columns are read on every miss, up to 256 rows in one answer. */
const MAX_TEXT_CHARACTERS = 65_536;

/** The columns of one table in a hand-written SELECT: their SQL, and the way from a row to frozen objects. */
export class TableReader {
  readonly #columns: readonly ColumnMap[];
  readonly #byProperty: ReadonlyMap<string, ColumnMap>;

  /** @param alias of the table in the statement */
  constructor(
    private readonly table: TableMap,
    private readonly alias: string,
  ) {
    this.#columns = table.columns.filter(({ isSelected }) => isSelected);
    this.#byProperty = new Map(table.columns.map((column) => [column.property, column]));
  }

  /** Columns in the list. */
  get count(): number {
    return this.#columns.length;
  }

  has(property: string): boolean {
    return this.#byProperty.has(property);
  }

  /** `alias."column"` of a property. */
  sql(property: string): string {
    const column = this.#byProperty.get(property);
    if (!column) throw new Error(`${this.table.path} has no column for '${property}'.`);
    return `${this.alias}.${column.sql}`;
  }

  list(): string {
    return this.#columns
      .map(({ property, kind }) => {
        const sql = this.sql(property);
        // As long as PostgreSQL lets it be (1 GB), one user's row could fill the memory of every instance.
        return kind === 'text' ? `left(${sql}::text, ${MAX_TEXT_CHARACTERS})` : sql;
      })
      .join(', ');
  }

  /** The place of a property in the list. */
  indexOf(property: string): number {
    return this.#columns.findIndex((column) => column.property === property);
  }

  /** The row's cells at `offset`, small and safe from change: a Date takes seven times the room of its milliseconds. */
  pack(row: readonly unknown[], offset: number): unknown[] {
    return this.#columns.map(({ kind, hydrate }, index) => {
      const cell = row[offset + index];
      const value = hydrate ? hydrate(cell) : cell;
      if (kind === 'time' && value instanceof Date) return value.getTime();
      return typeof value === 'object' && value !== null ? Snapshot.of(cell) : value;
    });
  }

  /** The object, from the values at `offset` of what {@link pack} made. Frozen, and everything in it its own. */
  unpack(values: Packed, offset: number): object {
    // Not `new`: class fields would put every column on it, the token's name included, as undefined.
    const row = Object.create(this.table.prototype) as Record<string, unknown>;
    for (let index = 0; index < this.#columns.length; index += 1) {
      const column = this.#columns[index];
      if (column) row[column.property] = read(values[offset + index], column);
    }
    for (const property of this.table.absent) row[property] = null;
    return Object.freeze(row);
  }
}

function read(value: unknown, { kind, hydrate }: ColumnMap): unknown {
  if (kind === 'time' && typeof value === 'number') return new Date(value);
  if (!(value instanceof Snapshot)) return value;
  const cell = value.read();
  return hydrate ? hydrate(cell) : cell;
}
