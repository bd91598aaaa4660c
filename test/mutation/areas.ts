/** Code that decides something together, and the tests nearest to it. Paths are globs from the repository's root. */
export interface Area {
  readonly name: string;
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

/**
 * What is tried. Each area runs against its own unit tests and the few suites on PostgreSQL that decide about it: a
 * mutant that only the browser or a fault run would notice counts as missed here.
 */
export const AREAS: readonly Area[] = [
  {
    name: 'credentials',
    mutate: [
      'libs/core/src/credentials/*.ts',
      'libs/session-auth/src/access.policy.ts',
      'libs/core/src/config.ts',
      'libs/session-auth/src/decorators/route-rules.ts',
      'libs/core/src/jwt/*.ts',
    ],
    tests: [
      'libs/{core,session-auth}/src/*.spec.ts',
      'libs/core/src/{credentials,jwt}/*.spec.ts',
      'libs/session-auth/src/decorators/*.spec.ts',
    ],
  },
  {
    name: 'verdicts',
    mutate: [
      'libs/core/src/session.verifier.ts',
      'libs/session-auth/src/session.guard.ts',
      'libs/session-auth/src/session.events.ts',
      'libs/core/src/memory/*.ts',
    ],
    tests: [
      'libs/{core,session-auth}/src/*.spec.ts',
      'libs/core/src/{lookup,memory}/*.spec.ts',
      'libs/session-auth/src/contexts/*.spec.ts',
    ],
  },
  {
    // By itself: its spec puts another `pg` in place of the real one, for every file that is loaded with it.
    name: 'channel',
    mutate: ['libs/core/src/postgres/notice.listener.ts', 'libs/core/src/revocation/postgres.feed.ts'],
    tests: ['libs/core/src/revocation/postgres.feed.spec.ts'],
  },
  {
    name: 'revocation',
    mutate: [
      'libs/core/src/revocation/revocation.{payload,triggers}.ts',
      'libs/core/src/lookup/*.ts',
      'libs/core/src/schema/auth.shape.ts',
      'libs/session-auth/src/startup/schema.inspector.ts',
      'libs/core/src/organization/membership.repository.ts',
    ],
    tests: [
      'libs/core/src/revocation/revocation.payload.spec.ts',
      'libs/core/src/{schema,organization,lookup}/*.spec.ts',
      'libs/session-auth/test/{auth-shape,session-lookup}.test.ts',
    ],
  },
  {
    name: 'queries',
    mutate: [
      'libs/user-isolation/src/database/{owned.query-builder,owner.condition,result.cache}.ts',
      'libs/user-isolation/src/fast/statement.names.ts',
      'libs/user-isolation/src/database/{connection.errors,owner.places}.ts',
      'libs/user-isolation/src/context/*.ts',
    ],
    tests: ['libs/user-isolation/src/**/*.spec.ts', 'libs/user-isolation/test/{relations,result-cache}.test.ts'],
  },
  {
    name: 'connections',
    mutate: [
      'libs/user-isolation/src/database/{borrowed.query-runner,isolated.connection,isolated.data-source}.ts',
      'libs/user-isolation/src/database/{isolated.query-runner,owner.statement,session.statements}.ts',
      'libs/user-isolation/src/fast/{fast.statements,owner.query,shared.connections}.ts',
    ],
    tests: [
      'libs/user-isolation/src/{database,fast}/*.spec.ts',
      'libs/user-isolation/test/{session-state,shared-connections,transactions,prepared,read-many,limits,replicas,streams}.test.ts',
    ],
  },
  {
    name: 'startup',
    mutate: ['libs/user-isolation/src/startup/*.ts', 'libs/user-isolation/src/migration/*.ts'],
    tests: [
      'libs/user-isolation/src/startup/*.spec.ts',
      'libs/user-isolation/test/{startup-check,startup-tables,exposures,own-table,owner-ids}.test.ts',
    ],
  },
  {
    name: 'api',
    mutate: [
      'backend/src/paging/cursor.ts',
      'backend/src/rate-limit/address.standing.ts',
      'backend/src/rate-limit/client-address.ts',
      'backend/src/rate-limit/memory.rate-limiter.ts',
      'backend/src/rate-limit/rate-limit.guard.ts',
      'backend/src/rate-limit/refusal.limit.ts',
      'backend/src/http/errors/problem.ts',
      'backend/src/http/errors/problem.filter.ts',
      'backend/src/http/errors/database-failure.ts',
      'backend/src/http/errors/database-problem.ts',
      'backend/src/http/errors/database-unavailable.ts',
      'backend/src/http/input/clean-input.ts',
      'backend/src/http/caching/entity-tag.ts',
    ],
    tests: ['backend/src/{http/**,paging,rate-limit}/*.spec.ts'],
  },
  {
    name: 'repeats',
    mutate: ['backend/src/idempotency/idempotency.service.ts', 'backend/src/http/errors/database-pointers.ts'],
    tests: ['backend/test/{database-pointers,idempotency}.test.ts'],
  },
  {
    name: 'web',
    mutate: [
      'frontend/src/lib/next-path.ts',
      'frontend/src/lib/api/page-token.ts',
      'frontend/src/lib/api/token-store.ts',
      'libs/api-client/src/authorized-fetch.ts',
      'frontend/src/server/security/csp.ts',
      'frontend/src/server/auth/client-address.ts',
      'frontend/src/server/auth/page-account.ts',
      'frontend/src/server/auth/read-request.ts',
      'frontend/src/server/auth/secret-rotation.ts',
      'frontend/src/server/auth/text-limits.ts',
      'frontend/src/server/auth/without-tokens.ts',
    ],
    tests: ['frontend/src/{lib,server}/**/*.spec.ts', 'libs/api-client/src/authorized-fetch.spec.ts'],
  },
  {
    name: 'tasks',
    mutate: ['frontend/src/features/tasks/model/*.ts'],
    tests: ['frontend/src/features/tasks/model/*.spec.ts'],
  },
];
