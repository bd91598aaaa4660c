import { identifier } from '@session-guard/core';

/** Anything that runs SQL as the owner of Better Auth's tables: a pg `Pool` or `Client`, or a TypeORM `DataSource`. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Column names to values, as they are in the database. */
export type Row = Readonly<Record<string, unknown>>;

/** Inserts one row; columns left undefined get the database's default. */
export async function insert(database: Queryable, table: string, row: Row): Promise<void> {
  const columns = Object.entries(row).filter(([, value]) => value !== undefined);
  const names = columns.map(([name]) => identifier(name)).join(', ');
  const places = columns.map((_, index) => `$${index + 1}`).join(', ');
  await database.query(
    `insert into ${identifier(table)} (${names}) values (${places})`,
    columns.map(([, value]) => value),
  );
}

/** Updates the row with that id. */
export async function update(database: Queryable, table: string, id: string, row: Row): Promise<void> {
  const columns = Object.entries(row);
  const assignments = columns.map(([name], index) => `${identifier(name)} = $${index + 2}`).join(', ');
  await database.query(`update ${identifier(table)} set ${assignments} where id = $1`, [
    id,
    ...columns.map(([, value]) => value),
  ]);
}
