'use client';

import { CalendarDays, Check, Flag, Pencil, Trash2 } from 'lucide-react';
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Skeleton } from '../../components/ui/skeleton.tsx';
import { cx } from '../../lib/cx.ts';
import { daysUntil, dueLabel } from '../../lib/dates.ts';
import { useHydrated } from '../../lib/use-hydrated.ts';
import { STATUS_LABELS, type Task } from './types.ts';
import { isProvisional, useDeleteTask, useToggleTask } from './use-tasks.ts';

/** The editor comes when the first task is edited; the list doesn't wait for it. */
const loadEditor = () => import('./task-editor.tsx');
const TaskEditor = lazy(async () => ({ default: (await loadEditor()).TaskEditor }));

/** One task of the list: complete, edit in place, delete. Arrow keys go from row to row, `e` edits, Delete deletes. */
export function TaskItem({ task, onGone }: { task: Task; onGone: () => void }) {
  const titleId = useId();
  const checkbox = useRef<HTMLInputElement>(null);
  const [editing, setEditing] = useState(false);
  // What was just asked for; shown in the same moment, ahead even of the cache.
  const [wanted, setWanted] = useState<boolean>();
  const ready = useHydrated();
  const wasEditing = useRef(false);
  const toggle = useToggleTask();
  const remove = useDeleteTask();
  const provisional = isProvisional(task);
  const done = wanted ?? task.status === 'done';

  // The focus goes back where it came from, once the row is there again.
  useEffect(() => {
    if (wasEditing.current && !editing) checkbox.current?.focus();
    wasEditing.current = editing;
  }, [editing]);

  const edit = () => {
    if (!provisional) setEditing(true);
  };
  const erase = () => {
    if (provisional) return;
    onGone();
    remove.mutate(task);
  };

  if (editing) {
    return (
      <li aria-label={task.title} className="border-l-2 border-accent bg-surface px-4 py-4 first:rounded-t-card last:rounded-b-card sm:px-5">
        <Suspense fallback={<Skeleton className="h-64" />}>
          <TaskEditor task={task} onClose={() => setEditing(false)} />
        </Suspense>
      </li>
    );
  }

  return (
    <li
      aria-labelledby={titleId}
      aria-busy={provisional || undefined}
      className={cx('group flex items-start gap-3 px-4 py-3 transition-colors first:rounded-t-card last:rounded-b-card hover:bg-sunken/50 sm:px-5', provisional && 'opacity-60')}
      onKeyDown={(event) => {
        if (event.target !== checkbox.current || event.altKey || event.ctrlKey || event.metaKey) return;
        if (event.key === 'e') edit();
        else if (event.key === 'Delete') erase();
        else return;
        event.preventDefault();
      }}
    >
      <span className="relative mt-0.5 grid size-6 shrink-0 place-items-center">
        <input
          ref={checkbox}
          type="checkbox"
          data-row
          aria-labelledby={titleId}
          checked={done}
          disabled={provisional || !ready}
          onChange={(event) => {
            setWanted(event.target.checked);
            toggle.mutate({ task, done: event.target.checked }, { onSettled: () => setWanted(undefined) });
          }}
          className="peer absolute -inset-2 size-10 cursor-pointer appearance-none rounded-full"
        />
        <span
          aria-hidden
          className={cx(
            'pointer-events-none grid size-5.5 place-items-center rounded-full border-2 transition-colors',
            done ? 'border-accent bg-accent text-on-accent' : task.status === 'in_progress' ? 'border-accent' : 'border-edge group-hover:border-ink/60',
          )}
        >
          {done ? <Check className="size-3.5" strokeWidth={3} /> : task.status === 'in_progress' ? <span className="size-2 rounded-full bg-accent" /> : null}
        </span>
      </span>
      <div className="min-w-0 flex-1" onDoubleClick={edit}>
        <p id={titleId} className={cx('text-[1.02rem] leading-7 break-words', done && 'text-muted line-through decoration-1')}>
          {task.title}
        </p>
        {task.description ? <p className={cx('line-clamp-2 text-[0.95rem] whitespace-pre-line text-muted', done && 'line-clamp-1')}>{task.description}</p> : null}
        <TaskFacts task={task} />
      </div>
      <div className="-mr-2 flex shrink-0 transition-opacity sm:opacity-0 sm:group-focus-within:opacity-100 sm:group-hover:opacity-100 [@media(hover:none)]:opacity-100">
        <Button variant="ghost" size="icon" aria-label="Edit" title="Edit" disabled={provisional} onClick={edit} onPointerEnter={() => void loadEditor()} className="size-9">
          <Pencil aria-hidden className="size-4.5" />
        </Button>
        <Button variant="ghost" size="icon" aria-label="Delete" title="Delete" disabled={provisional} onClick={erase} className="size-9 hover:text-danger">
          <Trash2 aria-hidden className="size-4.5" />
        </Button>
      </div>
    </li>
  );
}

/** What there is to know beside the title, when it isn't the ordinary. */
function TaskFacts({ task }: { task: Task }) {
  const hydrated = useHydrated();
  const [now] = useState(() => new Date());
  const { status, priority, dueAt } = task;
  const open = status !== 'done';
  if (status !== 'in_progress' && (priority === 'medium' || !open) && !dueAt) return null;
  // Which day it is depends on where the reader is, which the server doesn't know: until then, the date alone.
  const late = hydrated && dueAt && open && daysUntil(new Date(dueAt), now) < 0;
  return (
    <p className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
      {status === 'in_progress' ? <span className="font-medium text-accent">{STATUS_LABELS.in_progress}</span> : null}
      {priority === 'high' && open ? (
        <span className="inline-flex items-center gap-1.5 font-medium text-warn">
          <Flag aria-hidden className="size-3.5" fill="currentColor" /> High priority
        </span>
      ) : null}
      {priority === 'low' && open ? <span>Low priority</span> : null}
      {dueAt ? (
        <span className={cx('inline-flex items-center gap-1.5', late && 'font-medium text-danger')}>
          <CalendarDays aria-hidden className="size-3.5" />
          <time dateTime={dueAt}>{hydrated ? `${late ? 'Was due' : 'Due'} ${dueLabel(dueAt, now).replace(/^(Today|Tomorrow|Yesterday)$/, (word) => word.toLowerCase())}` : `Due ${dueAt.slice(0, 10)}`}</time>
        </span>
      ) : null}
    </p>
  );
}
