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
      'libs/session-auth/src/credentials/*.ts',
      'libs/session-auth/src/access.policy.ts',
      'libs/session-auth/src/auth.config.ts',
      'libs/session-auth/src/decorators/route-rules.ts',
      'libs/session-auth/src/jwt/*.ts',
    ],
    tests: ['libs/session-auth/src/*.spec.ts', 'libs/session-auth/src/{credentials,decorators,jwt}/*.spec.ts'],
  },
  {
    name: 'verdicts',
    mutate: [
      'libs/session-auth/src/session.verifier.ts',
      'libs/session-auth/src/session.guard.ts',
      'libs/session-auth/src/session.events.ts',
      'libs/session-auth/src/verdicts/*.ts',
    ],
    tests: ['libs/session-auth/src/*.spec.ts', 'libs/session-auth/src/{verdicts,contexts}/*.spec.ts'],
  },
  {
    name: 'revocation',
    mutate: [
      'libs/session-auth/src/revocation/*.ts',
      'libs/session-auth/src/session.repository.ts',
      'libs/session-auth/src/startup/auth.shape.ts',
      'libs/session-auth/src/startup/schema.inspector.ts',
      'libs/session-auth/src/organization/membership.repository.ts',
    ],
    tests: [
      'libs/session-auth/src/{revocation,startup,organization,database}/*.spec.ts',
      'libs/session-auth/test/{auth-shape,session-lookup}.test.ts',
    ],
  },
  {
    name: 'isolation',
    mutate: ['libs/user-isolation/src/database/*.ts',
      'libs/user-isolation/src/startup/*.ts',
      'libs/user-isolation/src/context/*.ts',
      'libs/user-isolation/src/migration/*.ts'],
    tests: ['libs/user-isolation/src/**/*.spec.ts', 'libs/user-isolation/test/*.test.ts'],
  },
  {
    name: 'api',
    mutate: [
      'backend/src/paging/cursor.ts',
      'backend/src/idempotency/idempotency.service.ts',
      'backend/src/rate-limit/address.standing.ts',
      'backend/src/rate-limit/client-address.ts',
      'backend/src/rate-limit/memory.rate-limiter.ts',
      'backend/src/rate-limit/rate-limit.guard.ts',
      'backend/src/rate-limit/refusal.limit.ts',
      'backend/src/http/problem.ts',
      'backend/src/http/problem.filter.ts',
      'backend/src/http/database-failure.ts',
      'backend/src/http/database-problem.ts',
      'backend/src/http/database-unavailable.ts',
      'backend/src/http/database-pointers.ts',
      'backend/src/http/clean-input.ts',
      'backend/src/http/entity-tag.ts',
    ],
    tests: ['backend/src/**/*.spec.ts', 'backend/test/{rate-limit,concurrency}.test.ts'],
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
      'frontend/src/features/tasks/model/known-tasks.ts',
      'frontend/src/features/tasks/model/merge.ts',
      'frontend/src/features/tasks/model/outbox.ts',
      'frontend/src/features/tasks/model/retry-policy.ts',
      'frontend/src/features/tasks/model/save-edit.ts',
      'frontend/src/features/tasks/model/task-list.ts',
      'frontend/src/features/tasks/model/task-order.ts',
      'frontend/src/features/tasks/model/task-store.ts',
      'frontend/src/features/tasks/model/task-view.ts',
    ],
    // Without the property test of the task model: a thousand runs for each mutant would take a day.
    tests: ['frontend/src/**/!(*.property).spec.ts', 'libs/api-client/src/authorized-fetch.spec.ts'],
  },
];
