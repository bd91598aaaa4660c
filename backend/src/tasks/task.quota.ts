import { Inject, Injectable } from '@nestjs/common';
import { Isolation } from '@session-guard/isolation';
import type { EntityManager } from 'typeorm';
import { ENV } from '../env.module.ts';
import type { Env } from '../env.ts';
import { ProblemException } from '../http/errors/problem.exception.ts';

interface Usage {
  readonly tasks: number;
  readonly bytes: number;
}

/** Deleted tasks that are removed at once when their room is needed, the oldest first. */
const REMOVED_AT_ONCE = 100;

/**
 * What one user may keep: `MAX_TASKS_PER_USER` tasks and `MAX_TASK_BYTES_PER_USER` bytes of their titles and
 * descriptions. Deleted tasks count until they are removed, and make room when it is needed.
 *
 * PostgreSQL counts. The user's count is locked from the first write of a transaction to its end, so that many at once
 * can't pass the limit together.
 */
@Injectable()
export class TaskQuota {
  constructor(
    @Inject(Isolation) private readonly isolation: Isolation,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * Does what may add tasks or text; undoes it when the user would then keep too much. Whoever keeps too much already,
   * since the limit was lowered, may still shorten and delete.
   *
   * @throws {ProblemException} 422 `quota_exceeded`
   */
  within<T>(work: () => Promise<T>): Promise<T> {
    return this.isolation.transaction(async (manager) => {
      const before = await this.#usage(manager);
      const result = await work();
      while (this.#isExceeded(before, await this.#usage(manager))) await this.#removeDeleted(manager);
      return result;
    });
  }

  async #usage(manager: EntityManager): Promise<Usage> {
    const rows = await manager.query<Usage[]>(
      'select tasks, bytes::float8 as bytes from task_usage where user_id = $1',
      [this.isolation.userId],
    );
    return rows[0] ?? { tasks: 0, bytes: 0 };
  }

  #isExceeded(before: Usage, after: Usage): boolean {
    return (
      (after.tasks > this.env.maxTasks && after.tasks > before.tasks) ||
      (after.bytes > this.env.maxTaskBytes && after.bytes > before.bytes)
    );
  }

  async #removeDeleted(manager: EntityManager): Promise<void> {
    const removed = await manager.query<{ count: number }[]>(
      `with oldest as (
              select id from task where user_id = $1 and deleted_at is not null
               order by deleted_at limit ${REMOVED_AT_ONCE}
            ),
            gone as (delete from task where user_id = $1 and id in (select id from oldest) returning 1)
       select count(*)::integer as count from gone`,
      [this.isolation.userId],
    );
    if ((removed[0]?.count ?? 0) === 0) throw this.#problem();
  }

  #problem(): ProblemException {
    const { maxTasks, maxTaskBytes } = this.env;
    return new ProblemException(422, {
      code: 'quota_exceeded',
      detail:
        `At most ${maxTasks} tasks and ${maxTaskBytes} bytes of titles and descriptions are kept for one user: ` +
        'delete what is not needed any more.',
    });
  }
}
