'use client';

import { ListChecks, SearchX } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useCallback, useEffect, useRef, type KeyboardEvent } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Empty } from '../../components/ui/empty.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { explain } from '../../lib/api/explain.ts';
import { cx } from '../../lib/cx.ts';
import { filterParsers, toFilters, type FilterState } from './filters.ts';
import { flatten } from './task-cache.ts';
import { TaskComposer } from './task-composer.tsx';
import { TaskFiltersBar } from './task-filters.tsx';
import { TaskItem } from './task-item.tsx';
import { TaskListSkeleton } from './task-list-skeleton.tsx';
import { useTaskList, type FirstPage } from './use-tasks.ts';

const CLEAR: FilterState = { status: null, priority: null, q: '', sort: '-createdAt' };

/** The tasks page below its title. */
export function TaskBoard({ first }: { first: FirstPage | null }) {
  const [state, setState] = useQueryStates(filterParsers, { history: 'replace', clearOnDefault: true });
  const filters = toFilters(state);
  const list = useTaskList(filters, first);
  const rows = useRef<HTMLUListElement>(null);
  const tasks = flatten(list.data);
  const filtered = filters.status !== null || filters.priority !== null || filters.q !== '';
  const change = useCallback((next: Partial<FilterState>) => void setState(next), [setState]);

  /** Focus goes to the row after a deleted one, or the one before: never lost to the page. */
  const focusNeighbour = useCallback(() => {
    const all = [...(rows.current?.querySelectorAll<HTMLInputElement>('[data-row]') ?? [])];
    const at = all.findIndex((row) => row.closest('li')?.contains(document.activeElement));
    const neighbour = all[at + 1] ?? all[at - 1];
    if (neighbour) neighbour.focus();
    else document.querySelector<HTMLInputElement>('input[name="title"]')?.focus();
  }, []);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    if (!(event.target instanceof HTMLInputElement) || !event.target.hasAttribute('data-row')) return;
    const all = [...(rows.current?.querySelectorAll<HTMLInputElement>('[data-row]') ?? [])];
    const next = all[all.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <TaskComposer />
      <TaskFiltersBar value={state} onChange={change} />
      {list.isPending ? (
        <TaskListSkeleton />
      ) : list.isError && tasks.length === 0 ? (
        <Notice
          tone="danger"
          action={
            <Button variant="secondary" size="sm" onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        >
          Your tasks couldn’t be loaded. {explain(list.error)}
        </Notice>
      ) : (
        <section aria-label="Tasks" aria-busy={list.isPlaceholderData || undefined} className={cx('rounded-card border border-line bg-surface shadow-card transition-opacity', list.isPlaceholderData && 'opacity-60')}>
          {tasks.length > 0 ? (
            <ul ref={rows} onKeyDown={onKeyDown} className="divide-y divide-line">
              {tasks.map((task) => (
                <TaskItem key={task.id} task={task} onGone={focusNeighbour} />
              ))}
            </ul>
          ) : filtered ? (
            <Empty icon={SearchX} title="Nothing fits" action={<Button variant="secondary" onClick={() => change(CLEAR)}>Show all tasks</Button>}>
              No task matches what you’re looking for.
            </Empty>
          ) : (
            <Empty icon={ListChecks} title="A clear desk">
              Write down the first thing above. It stays yours alone, on every device you sign in to.
            </Empty>
          )}
        </section>
      )}
      {list.hasNextPage && !list.isPlaceholderData ? <More pending={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} /> : null}
      {tasks.length > 0 ? (
        <p className="hidden text-center text-sm text-muted md:block">
          In the list: <Key>↑</Key> <Key>↓</Key> move, <Key>Space</Key> completes, <Key>E</Key> edits, <Key>Del</Key> deletes
        </p>
      ) : null}
    </div>
  );
}

function Key({ children }: { children: string }) {
  return <kbd className="rounded-md border border-line bg-surface px-1.5 py-0.5 font-sans text-xs text-ink">{children}</kbd>;
}

/** Loads the next page when it comes near the view; the button is for those who don't scroll. */
function More({ pending, onMore }: { pending: boolean; onMore: () => void }) {
  const mark = useRef<HTMLDivElement>(null);
  const latest = useRef(onMore);
  useEffect(() => {
    latest.current = onMore;
  });
  useEffect(() => {
    if (!mark.current || pending) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current(), { rootMargin: '400px' });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [pending]);
  return (
    <div ref={mark} className="flex justify-center">
      <Button variant="secondary" size="sm" pending={pending} onClick={onMore}>
        Show more
      </Button>
    </div>
  );
}
