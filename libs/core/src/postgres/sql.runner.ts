/** What a migration's QueryRunner offers, and a pg client does too. */
export interface SqlRunner {
  query(sql: string): Promise<unknown>;
}

/** The rows of a statement: TypeORM answers with them, pg with an object that holds them. */
export async function rowsOf<Row>(runner: SqlRunner, sql: string): Promise<Row[]> {
  const result = await runner.query(sql);
  return (Array.isArray(result) ? result : (result as { readonly rows: unknown[] }).rows) as Row[];
}
