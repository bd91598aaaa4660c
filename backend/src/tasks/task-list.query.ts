import type { SelectQueryBuilder } from 'typeorm';
import type { Position } from '../paging/cursor.ts';
import { startOf } from './due-on.ts';
import type { ListTasksQuery } from './list-tasks.dto.ts';
import type { SortPlan } from './task-sorts.ts';
import { TASK_PRIORITIES, type TaskEntity } from './task.entity.ts';

/**
 * The tasks of one page, in order, of whoever the builder is scoped to. Every condition is one that an index can
 * answer under row level security: comparisons of plain columns, and the search operator.
 *
 * @param position Where the page before ended.
 */
export function selectTasks(
  builder: SelectQueryBuilder<TaskEntity>,
  query: ListTasksQuery,
  plan: SortPlan,
  position?: Position,
): SelectQueryBuilder<TaskEntity> {
  const { limit: _limit, cursor: _cursor, sort: _sort, ...filters } = query;
  const { status, priority, q, dueFrom, dueTo, dueBefore, dueAfter, ...forgotten } = filters;
  // A filter of the query that has no condition below doesn't compile.
  forgotten satisfies Record<string, never>;
  builder.orderBy(`task.${plan.key}`, plan.direction).addOrderBy('task.id', plan.direction);
  if (plan.key === 'titleKey') builder.addSelect('task.titleKey');
  if (status !== undefined) builder.andWhere('task.status = :status', { status });
  if (priority !== undefined)
    builder.andWhere('task.priorityKey = :priorityKey', { priorityKey: TASK_PRIORITIES.indexOf(priority) });
  if (q !== undefined)
    builder.andWhere('(task.title @~* :pattern or task.description @~* :pattern)', { pattern: containing(q) });
  // The keys stand beyond every date where a task has none: such a task is due neither before nor after.
  if (dueFrom !== undefined) builder.andWhere('task.dueDescKey >= :dueFrom', { dueFrom: startOf(dueFrom) });
  if (dueTo !== undefined) builder.andWhere('task.dueAscKey < :afterDueTo', { afterDueTo: startOf(dueTo, 1) });
  if (dueBefore !== undefined) builder.andWhere('task.dueAscKey < :dueBefore', { dueBefore });
  if (dueAfter !== undefined) builder.andWhere('task.dueDescKey > :dueAfter', { dueAfter });
  if (position) builder.andWhere(afterCursor(plan), { ...position });
  return builder;
}

/** The rows after the one that a cursor names. */
function afterCursor({ key, direction, cast }: SortPlan): string {
  return `(task.${key}, task.id) ${direction === 'ASC' ? '>' : '<'} (:value::${cast}, :id::uuid)`;
}

/** A pattern for text that contains `q`, whose own wildcards mean themselves. */
function containing(q: string): string {
  return `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
