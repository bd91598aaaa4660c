import { SessionRevocation1767225600000 } from './1767225600000-session-revocation.ts';
import { ApiGrants1767225601000 } from './1767225601000-api-grants.ts';
import { Tasks1767225602000 } from './1767225602000-tasks.ts';
import { IdempotencyKeys1767225603000 } from './1767225603000-idempotency-keys.ts';
import { TaskSearch1767225604000 } from './1767225604000-task-search.ts';
import { TaskSoftDelete1767225610000 } from './1767225610000-task-soft-delete.ts';
import { TaskDeletedIndex1767225611000 } from './1767225611000-task-deleted-index.ts';
import { TaskDueDays1767225612000 } from './1767225612000-task-due-days.ts';
import { IdempotencyClaims1767225613000 } from './1767225613000-idempotency-claims.ts';
import { TaskUsage1767225613000 } from './1767225613000-task-usage.ts';
import { TaskSearchUpdates1767225614000 } from './1767225614000-task-search-updates.ts';

/** Every migration, oldest first. A list and not a glob: it is type-checked, and the build can't drop one. */
export const migrations = [
  SessionRevocation1767225600000,
  ApiGrants1767225601000,
  Tasks1767225602000,
  IdempotencyKeys1767225603000,
  TaskSearch1767225604000,
  TaskSoftDelete1767225610000,
  TaskDeletedIndex1767225611000,
  TaskDueDays1767225612000,
  TaskUsage1767225613000,
  IdempotencyClaims1767225613000,
  TaskSearchUpdates1767225614000,
];
