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
  builder.orderBy(`task.${plan.key}`, plan.direction).addOrderBy('task.id', plan.direction);
  if (plan.key === 'titleKey') builder.addSelect('task.titleKey');
  if (query.status !== undefined) builder.andWhere('task.status = :status', { status: query.status });
  if (query.priority !== undefined)
    builder.andWhere('task.priorityKey = :priorityKey', { priorityKey: TASK_PRIORITIES.indexOf(query.priority) });
  if (query.q !== undefined)
    builder.andWhere('(task.title @~* :pattern or task.description @~* :pattern)', { pattern: containing(query.q) });
  // The keys stand beyond every date where a task has none: such a task is due neither before nor after.
  if (query.dueFrom !== undefined) builder.andWhere('task.dueDescKey >= :dueFrom', { dueFrom: startOf(query.dueFrom) });
  if (query.dueTo !== undefined)
    builder.andWhere('task.dueAscKey < :afterDueTo', { afterDueTo: startOf(query.dueTo, 1) });
  if (query.dueBefore !== undefined) builder.andWhere('task.dueAscKey < :dueBefore', { dueBefore: query.dueBefore });
  if (query.dueAfter !== undefined) builder.andWhere('task.dueDescKey > :dueAfter', { dueAfter: query.dueAfter });
  if (position) builder.andWhere(beyond(plan), { ...position });
  return builder;
}

function beyond({ key, direction, cast }: SortPlan): string {
  return `(task.${key}, task.id) ${direction === 'ASC' ? '>' : '<'} (:value::${cast}, :id::uuid)`;
}

/** A pattern for text that contains `q`, whose own wildcards mean themselves. */
function containing(q: string): string {
  return `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
