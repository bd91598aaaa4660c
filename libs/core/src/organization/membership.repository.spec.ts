import type { Pool } from 'pg';
import { MembershipRepository, splitRoles } from './membership.repository.ts';

describe('splitRoles', () => {
  it.each([
    [null, []],
    ['', []],
    [',', []],
    ['owner', ['owner']],
    ['owner,admin', ['owner', 'admin']],
    [' owner , admin ,', ['owner', 'admin']],
    ['billing manager', ['billing manager']],
  ])('%j → %j', (roles, expected) => {
    expect(splitRoles(roles)).toEqual(expected);
  });
});

describe('MembershipRepository', () => {
  it('gives the roles of every membership, read by the user and the organization', async () => {
    const asked: unknown[] = [];
    const query = (statement: unknown) => {
      asked.push(statement);
      return Promise.resolve({ rows: [{ role: 'member' }, { role: 'owner, admin' }] });
    };
    const repository = new MembershipRepository({ query } as unknown as Pool, '"public"."member"');
    expect(await repository.rolesOf('u1', 'org')).toEqual(['member', 'owner', 'admin']);
    expect(asked).toEqual([
      {
        name: 'session-guard-member',
        text: 'select role from "public"."member" where "userId" = $1 and "organizationId" = $2',
        values: ['u1', 'org'],
      },
    ]);
  });
});
