'use client';

import { ListChecks, SearchX } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useCallback, useEffect, useRef, type KeyboardEvent } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/ui/button.tsx';
import { Empty } from '../../components/ui/empty.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { explainReading } from '../../lib/api/explain.ts';
import { cx } from '../../lib/cx.ts';
import { filterParsers, SHOW_ALL, toFilters, type FilterState } from './filters.ts';
import { KeptEdits } from './kept-edits.tsx';
import { LoadMore } from './load-more.tsx';
import { RowBoundary } from './row-boundary.tsx';
import { TaskComposer } from './task-composer.tsx';
import { TaskFiltersBar } from './task-filters.tsx';
import { TaskItem } from './task-item.tsx';
import { TaskListSkeleton } from './task-list-skeleton.tsx';
import { useEdits, usePageTasks } from './tasks-context.tsx';
import type { Task } from './types.ts';
import { usePagesInView } from './use-pages-in-view.ts';
import { useTaskList, type FirstPage } from './use-task-list.ts';

/** The tasks page below its title. */
export function TaskBoard({ first }: { first: FirstPage | null }) {
  const { store, drafts, listen } = usePageTasks();
  const [state, setState] = useQueryStates(filterParsers, { history: 'replace', clearOnDefault: true });
  const filters = toFilters(state);
  const list = useTaskList(filters, first);
  const edits = useEdits();
  const rows = useRef<HTMLUListElement>(null);
  const { tasks } = list;
  const filtered = filters.status !== null || filters.priority !== null || filters.q !== '';
  const change = useCallback(
    (next: Partial<FilterState>) => {
      drafts.closeUntouched();
      // Each choice is a step that the browser's back leads through.
      void setState(next, { history: 'push' });
    },
    [setState, drafts],
  );
  const search = useCallback((q: string) => void setState({ q }), [setState]);
  usePagesInView(rows);

  /** A word when a task was saved and this list doesn't show it. */
  const sayIfHidden = useCallback(
    ({ id, title }: Task, what: string) => {
      if (store.isShown(id)) return;
      toast(`“${title}” was ${what}, but isn’t in the list as you filter and sort it.`, {
        id: 'hidden',
        action: { label: 'Show all', onClick: () => change(SHOW_ALL) },
      });
    },
    [store, change],
  );
  const onSaved = useCallback(
    (task: Task) => sayIfHidden(store.task(task.id)?.task ?? task, 'saved'),
    [store, sayIfHidden],
  );
  useEffect(
    () =>
      listen(({ done }) => {
        if (done?.intention.kind === 'add' && done.task) sayIfHidden(done.task, 'added');
      }),
    [listen, sayIfHidden],
  );

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
      <TaskFiltersBar value={state} onChange={change} onSearch={search} />
      <KeptEdits shown={tasks} onSaved={onSaved} />
      {!list.isLoaded && list.error !== undefined ? (
        <Notice
          tone="danger"
          action={
            <Button variant="secondary" size="sm" onClick={() => store.tryAgain()}>
              Try again
            </Button>
          }
        >
          Your tasks couldn’t be loaded. {explainReading(list.error)}
        </Notice>
      ) : !list.isLoaded ? (
        <TaskListSkeleton />
      ) : (
        <section
          aria-label="Tasks"
          aria-busy={list.isOld || undefined}
          className={cx(
            'rounded-card border border-line bg-surface shadow-card transition-opacity',
            list.isOld && 'opacity-60',
          )}
        >
          {tasks.length > 0 ? (
            <ul ref={rows} onKeyDown={onKeyDown} className="divide-y divide-line">
              {tasks.map((task) => (
                <RowBoundary key={task.id} what="This task" page={list.pageOf.get(task.id) ?? 0}>
                  <TaskItem
                    task={task}
                    page={list.pageOf.get(task.id) ?? 0}
                    entry={store.entryOf(task.id)}
                    draft={edits.get(task.id)}
                    onGone={focusNeighbour}
                    onSaved={onSaved}
                  />
                </RowBoundary>
              ))}
            </ul>
          ) : list.hasMore ? null : filtered ? (
            <Empty
              icon={SearchX}
              title="Nothing fits"
              action={
                <Button variant="secondary" onClick={() => change(SHOW_ALL)}>
                  Show all tasks
                </Button>
              }
            >
              No task matches what you’re looking for.
            </Empty>
          ) : (
            <Empty icon={ListChecks} title="A clear desk">
              Write down the first thing above. It stays yours alone, on every device you sign in to.
            </Empty>
          )}
        </section>
      )}
      {list.hasMore ? (
        <LoadMore
          pending={list.isLoadingMore}
          error={list.error}
          onMore={() => store.more()}
          onTryAgain={() => store.tryAgain()}
        />
      ) : null}
      {tasks.length > 0 ? (
        <p className="hidden text-center text-sm text-muted md:block">
          {'In the list: '}
          <Key>↑</Key> <Key>↓</Key> move, <Key>Space</Key> completes, <Key>E</Key> edits, <Key>Del</Key> deletes
        </p>
      ) : null}
    </div>
  );
}

function Key({ children }: { children: string }) {
  return (
    <kbd className="rounded-md border border-line bg-surface px-1.5 py-0.5 font-sans text-xs text-ink">{children}</kbd>
  );
}
