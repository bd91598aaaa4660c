import { Inject, Injectable } from '@nestjs/common';
import { InjectOwnedRepository, Isolation, OwnedRepository } from '@session-guard/isolation';
import type { EntityTags } from '../http/caching/entity-tag.ts';
import { allowedVersions, staleProblem } from '../http/caching/entity-tag.ts';
import { notFoundProblem } from '../http/errors/problem.exception.ts';
import { CursorCodec, filtersOf } from '../paging/cursor.ts';
import { PAGE_LIMIT } from '../paging/page.dto.ts';
import type { CreateTaskDto } from './create-task.dto.ts';
import { noonOf } from './due-on.ts';
import { DEFAULT_SORT, type ListTasksQuery, type TaskSort } from './list-tasks.dto.ts';
import { selectTasks } from './task-list.query.ts';
import { sortPlan } from './task-sorts.ts';
import { TaskEntity } from './task.entity.ts';
import { TaskQuota } from './task.quota.ts';
import type { UpdateTaskDto } from './update-task.dto.ts';

/** One page, and where the next begins. */
export interface TaskPage {
  readonly tasks: TaskEntity[];
  readonly nextCursor: string | null;
  readonly limit: number;
}

/** The current user's tasks. The repository adds the user to every query: nothing here names one. */
@Injectable()
export class TasksService {
  constructor(
    @InjectOwnedRepository(TaskEntity) private readonly tasks: OwnedRepository<TaskEntity>,
    @Inject(Isolation) private readonly isolation: Isolation,
    @Inject(CursorCodec) private readonly cursors: CursorCodec,
    @Inject(TaskQuota) private readonly quota: TaskQuota,
  ) {}

  /** @throws {ProblemException} 400 when the cursor belongs to another user or query */
  async list(query: ListTasksQuery): Promise<TaskPage> {
    const limit = query.limit ?? PAGE_LIMIT;
    const sort = query.sort ?? DEFAULT_SORT;
    const plan = sortPlan(sort);
    const scope = [this.isolation.userId, ...scopeOf(query, sort)];
    const position = query.cursor === undefined ? undefined : this.cursors.decode(query.cursor, scope);
    // One more than asked for says whether there is another page.
    const builder = selectTasks(this.tasks.createQueryBuilder('task'), query, plan, position).limit(limit + 1);
    const found = await this.tasks.readMany(builder);
    const tasks = found.slice(0, limit);
    const last = tasks.at(-1);
    const nextCursor = found.length > limit && last ? this.cursors.encode(plan.position(last), scope) : null;
    return { tasks, nextCursor, limit };
  }

  /** @throws {ProblemException} 404 when the user has no such task */
  async get(id: string): Promise<TaskEntity> {
    const task = await this.tasks.createQueryBuilder('task').where('task.id = :id', { id }).getOne();
    if (!task) throw notFoundProblem();
    return task;
  }

  /** @throws {ProblemException} 422 when the user keeps as much as they may */
  async create(values: CreateTaskDto): Promise<TaskEntity> {
    const builder = this.tasks.createQueryBuilder('task').insert().values(toColumns(values)).returning('*');
    const result = await this.quota.within(() => builder.execute());
    return this.#written(result.raw);
  }

  /**
   * @param ifMatch The versions the caller knows; undefined writes over whatever is there.
   * @throws {ProblemException} 404 when the user has no such task, 412 when its version is another one,
   *   422 when its text is more than the user may keep
   */
  async update(id: string, changes: UpdateTaskDto, ifMatch?: EntityTags): Promise<TaskEntity> {
    const builder = this.tasks
      .createQueryBuilder('task')
      .update()
      .set({ ...toColumns(changes), version: () => 'version + 1', updatedAt: () => 'now()' })
      .where('id = :id and deleted_at is null', { id })
      .returning('*');
    const versions = allowedVersions(ifMatch);
    if (versions) builder.andWhere('version = any(:versions)', { versions });
    const addsText = changes.title !== undefined || typeof changes.description === 'string';
    const result = await (addsText ? this.quota.within(() => builder.execute()) : builder.execute());
    if (result.affected === 0) throw await this.#missingOrStale(id);
    return this.#written(result.raw);
  }

  /** Keeps the row for {@link restore}; otherwise as {@link update}. */
  async remove(id: string, ifMatch?: EntityTags): Promise<void> {
    const builder = this.tasks
      .createQueryBuilder('task')
      .update()
      .set({ deletedAt: () => 'now()' })
      .where('id = :id and deleted_at is null', { id });
    const versions = allowedVersions(ifMatch);
    if (versions) builder.andWhere('version = any(:versions)', { versions });
    const result = await builder.execute();
    if (result.affected === 0) throw await this.#missingOrStale(id);
  }

  /**
   * The same task again, with a new version. One that isn't deleted stays as it is.
   *
   * @throws {ProblemException} 404 when the user has no such task, or it was removed for good
   */
  async restore(id: string): Promise<TaskEntity> {
    const result = await this.tasks
      .createQueryBuilder('task')
      .update()
      .set({ deletedAt: null, version: () => 'version + 1', updatedAt: () => 'now()' })
      .where('id = :id and deleted_at is not null', { id })
      .returning('*')
      .execute();
    return result.affected === 0 ? this.get(id) : this.#written(result.raw);
  }

  async #missingOrStale(id: string): Promise<Error> {
    const exists = await this.tasks.createQueryBuilder('task').where('task.id = :id', { id }).getExists();
    return exists ? staleProblem() : notFoundProblem();
  }

  #written(rows: unknown): TaskEntity {
    const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
    if (typeof row !== 'object' || row === null) throw new Error('PostgreSQL returned no row for a task it wrote');
    return this.tasks.fromRow(row);
  }
}

/**
 * What a cursor is bound to beside its user. Filters that were added later come by their names, and only when they are
 * given: the cursors of an instance of the release before stay good, and no filter can be forgotten.
 */
function scopeOf(query: ListTasksQuery, sort: TaskSort): unknown[] {
  const { sort: _sort, status, priority, q, dueBefore, dueAfter, ...later } = query;
  return [status, priority, q, dueBefore, dueAfter, sort, ...filtersOf(later)];
}

function toColumns({ dueAt, dueOn, ...values }: CreateTaskDto | UpdateTaskDto) {
  const day = typeof dueOn === 'string' ? noonOf(dueOn) : dueOn;
  const due = dueAt === undefined ? day : dueAt;
  return { ...values, ...(due !== undefined && { dueAt: due === null ? null : new Date(due) }) };
}
