/** Quotes an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a text as an SQL literal, for statements that are sent without parameters. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
