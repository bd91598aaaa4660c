import type { Position } from '../paging/cursor.ts';
import type { TaskSort } from './list-tasks.dto.ts';
import { TASK_PRIORITIES, type TaskEntity } from './task.entity.ts';

type SortKey = 'createdAt' | 'titleKey' | 'priorityKey' | 'dueAscKey' | 'dueDescKey';

/** How a list is ordered: by one column that is never null and has an index with the owner, then by id. */
export interface SortPlan {
  readonly key: SortKey;
  readonly direction: 'ASC' | 'DESC';
  /** PostgreSQL's type of the key, for the cursor's text. */
  readonly cast: string;
  /** Where the page ends. */
  position(last: TaskEntity): Position;
}

const PLANS: Readonly<
  Record<'createdAt' | 'dueOn' | 'dueAt' | 'priority' | 'title', (direction: 'ASC' | 'DESC') => SortPlan>
> = {
  createdAt: (direction) => ({
    key: 'createdAt',
    direction,
    cast: 'timestamptz',
    position: (last) => positionOf(last, last.createdAt.toISOString()),
  }),
  priority: (direction) => ({
    key: 'priorityKey',
    direction,
    cast: 'smallint',
    position: (last) => positionOf(last, String(TASK_PRIORITIES.indexOf(last.priority))),
  }),
  // Lower-cased by PostgreSQL: JavaScript's rules differ for some letters.
  title: (direction) => ({
    key: 'titleKey',
    direction,
    cast: 'text',
    position: (last) => positionOf(last, last.titleKey ?? ''),
  }),
  // The order of instants is one of days.
  dueOn: byDue,
  dueAt: byDue,
};

/** Tasks without a due date come last in both directions: after every date in one, before every date in the other. */
function byDue(direction: 'ASC' | 'DESC'): SortPlan {
  const never = direction === 'ASC' ? 'infinity' : '-infinity';
  return {
    key: direction === 'ASC' ? 'dueAscKey' : 'dueDescKey',
    direction,
    cast: 'timestamptz',
    position: (last) => positionOf(last, last.dueAt?.toISOString() ?? never),
  };
}

/** The plan of a `sort` parameter. */
export function sortPlan(sort: TaskSort): SortPlan {
  const descending = sort.startsWith('-');
  const field = descending ? sort.slice(1) : sort;
  if (!isField(field)) throw new TypeError(`There is no sort ${sort}`);
  return PLANS[field](descending ? 'DESC' : 'ASC');
}

function isField(field: string): field is keyof typeof PLANS {
  return field in PLANS;
}

function positionOf(task: TaskEntity, value: string): Position {
  return { value, id: task.id };
}
