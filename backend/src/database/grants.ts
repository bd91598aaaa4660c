import type { QueryRunner } from 'typeorm';
import { apiRole } from '@session-guard/isolation';

/**
 * What the verifier reads of Better Auth's, table by table; `true` means every column. Whatever isn't listed stays
 * closed: password hashes (`account`), reset and verification codes (`verification`), and private keys.
 */
const READABLE: ReadonlyArray<{ table: string; columns: true | readonly string[] }> = [
  { table: 'session', columns: true },
  { table: 'user', columns: true },
  { table: 'jwks', columns: ['id', 'publicKey', 'createdAt', 'expiresAt', 'alg', 'crv'] },
  { table: 'member', columns: ['id', 'organizationId', 'userId', 'role'] },
];

/**
 * Lets the API's role read what the verifier needs and nothing else of Better Auth's. Tables of plugins that aren't
 * in use are passed over; migrate() calls it on every run, so a plugin added later is covered.
 */
export async function grantAuthTables(queryRunner: QueryRunner): Promise<void> {
  const role = quote(await apiRole(queryRunner));
  await queryRunner.query(`grant usage on schema ${quote(await currentSchema(queryRunner))} to ${role}`);
  for (const { table, columns } of READABLE) {
    const existing = await columnsOf(queryRunner, table);
    if (existing.length === 0) continue;
    const readable = columns === true ? '' : ` (${columns.filter((column) => existing.includes(column)).map(quote).join(', ')})`;
    await queryRunner.query(`grant select${readable} on ${quote(table)} to ${role}`);
  }
}

/** Takes back what {@link grantAuthTables} gave. */
export async function revokeAuthTables(queryRunner: QueryRunner): Promise<void> {
  const role = quote(await apiRole(queryRunner));
  for (const { table } of READABLE) {
    if ((await columnsOf(queryRunner, table)).length > 0) await queryRunner.query(`revoke all on ${quote(table)} from ${role}`);
  }
}

async function columnsOf(queryRunner: QueryRunner, table: string): Promise<string[]> {
  const rows = (await queryRunner.query(
    'select attname as name from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped',
    [quote(table)],
  )) as Array<{ name: string }>;
  return rows.map(({ name }) => name);
}

async function currentSchema(queryRunner: QueryRunner): Promise<string> {
  return (await queryRunner.getCurrentSchema()) ?? 'public';
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
