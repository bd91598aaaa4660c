import type { Task } from '../types.ts';
import type { KnownTask, KnownTasks } from './known-tasks.ts';
import type { Overlay } from './outbox.ts';
import type { LoadedPage, TaskListPages } from './task-list.ts';
import { compareTasks, isExact, matches } from './task-order.ts';

/**
 * The rows of a list: what its pages say, corrected by what is known better. That is what this page itself is about to
 * change, and what was learnt of a task after the pages were asked for.
 */
export function rowsOf(list: TaskListPages, known: KnownTasks, overlay: Overlay): Task[] {
  const { filters, pages, end } = list;
  const compare = (a: Task, b: Task) => compareTasks(filters.sort, a, b);
  const beyondEnd = (task: Task) => end !== undefined && compare(task, end) > 0;
  const rows: Task[] = [];
  const placed = new Set<string>();
  const misplaced = new Map<string, Task>();

  for (const page of pages) {
    for (const said of page.tasks) {
      if (placed.has(said.id)) continue;
      const entry = known.get(said.id);
      const now = overlay.apply(said.id, entry);
      if (!now) continue;
      // What the page says of a task that is still the same is the database's own word; the rest is for us to tell.
      if (now.version === said.version && now === entry?.task) {
        placed.add(now.id);
        rows.push(now);
      } else if (matches(filters, now)) {
        if (compare(now, said) === 0) {
          placed.add(now.id);
          rows.push(now);
        } else misplaced.set(now.id, now);
      }
    }
  }

  for (const entry of known.all()) {
    const { task } = entry;
    if (!task || placed.has(task.id) || misplaced.has(task.id)) continue;
    const now = overlay.apply(task.id, entry);
    if (!now || !matches(filters, now)) continue;
    // A deleted one is shown only while its restoration is under way: no page can know of that.
    if (now === task && !entry.gone && isContradicted(list, now, entry)) continue;
    misplaced.set(now.id, now);
  }
  for (const task of overlay.added()) if (matches(filters, task)) misplaced.set(task.id, task);

  for (const task of [...misplaced.values()].toSorted(compare)) {
    if (placed.has(task.id) || beyondEnd(task)) continue;
    const before = rows.findIndex((row) => compare(task, row) < 0);
    rows.splice(before < 0 ? rows.length : before, 0, task);
  }
  return rows;
}

/**
 * Whether a page that is as young as what is known of the task leaves it out. Where only the database knows the order,
 * a task is placed by guess until the list is read again, and only after an answer about that task.
 */
function isContradicted(list: TaskListPages, task: Task, { learnt, answered }: KnownTask): boolean {
  if (!isExact(list.filters)) return list.pages.some((page) => page.asked >= answered);
  return list.pages.some((page) => page.asked >= learnt && covers(list, page, task));
}

function covers({ filters: { sort } }: TaskListPages, page: LoadedPage, task: Task): boolean {
  const last = page.tasks.at(-1);
  return (
    (!page.after || compareTasks(sort, task, page.after) > 0) &&
    (page.next === null || !last || compareTasks(sort, task, last) <= 0)
  );
}
