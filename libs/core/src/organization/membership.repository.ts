import type { Pool } from 'pg';

/** Reads the `member` table of Better Auth's organization plugin. */
export class MembershipRepository {
  /** @param table `member`, quoted and with its schema */
  constructor(
    private readonly pool: Pool,
    private readonly table: string,
  ) {}

  /**
   * Roles of a user in an organization; none when not a member.
   *
   * @throws the driver's error when the database can't answer or the API's role may not read `member`
   */
  async rolesOf(userId: string, organizationId: string): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ role: string }>({
      name: 'session-guard-member',
      text: `select role from ${this.table} where "userId" = $1 and "organizationId" = $2`,
      values: [userId, organizationId],
    });
    return rows.flatMap(({ role }) => splitRoles(role));
  }
}

/** Better Auth keeps several roles in one column, separated by commas. */
export function splitRoles(roles: string | null): readonly string[] {
  return (roles ?? '')
    .split(',')
    .map((role) => role.trim())
    .filter(Boolean);
}
