'use client';

import { CalendarDays, Check, Flag, Pencil, Trash2 } from 'lucide-react';
import { memo, useEffect, useId, useRef } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { cx } from '../../lib/cx.ts';
import { daysUntil, dueLabel } from '../../lib/dates.ts';
import { useToday } from '../../lib/use-clock.ts';
import { useHydrated } from '../../lib/use-hydrated.ts';
import type { Draft } from './drafts.ts';
import { isProvisional, type Entry } from './model/outbox.ts';
import { TaskEditor } from './task-editor.tsx';
import { usePageTasks } from './tasks-context.tsx';
import { STATUS_LABELS, type Task } from './types.ts';

export interface TaskItemProps {
  task: Task;
  /** The page of the list that holds the row. */
  page: number;
  /** What is pending for this row. */
  entry: Entry | undefined;
  /** The open edit. */
  draft: Draft | undefined;
  /** The row is about to go: the focus has to go elsewhere. */
  onGone: () => void;
  onSaved: (task: Task) => void;
}

/** One task of the list: complete, edit in place, delete. Arrow keys go from row to row, `e` edits, Delete deletes. */
export const TaskItem = memo(function TaskItem({ task, page, entry, draft, onGone, onSaved }: TaskItemProps) {
  const titleId = useId();
  const { store, drafts } = usePageTasks();
  const checkbox = useRef<HTMLInputElement>(null);
  const ready = useHydrated();
  const editing = draft !== undefined;
  const wasEditing = useRef(false);
  const provisional = isProvisional(task.id);
  const done = task.status === 'done';

  // The focus goes back where it came from, once the row is there again.
  useEffect(() => {
    if (wasEditing.current && !editing) checkbox.current?.focus();
    wasEditing.current = editing;
  }, [editing]);

  const edit = () => {
    if (!provisional) drafts.open(task);
  };
  const erase = () => {
    if (provisional) return;
    onGone();
    store.delete(task.id);
  };

  if (draft) {
    return (
      <li
        aria-label={task.title}
        data-page={page}
        className="border-l-2 border-accent bg-surface px-4 py-4 first:rounded-t-card last:rounded-b-card sm:px-5"
      >
        <TaskEditor
          draft={draft}
          isGone={false}
          onClose={(saved) => {
            drafts.close(task.id);
            if (saved) onSaved(task);
          }}
        />
      </li>
    );
  }

  return (
    <li
      aria-labelledby={titleId}
      aria-busy={provisional || undefined}
      data-page={page}
      className={cx(
        'group flex items-start gap-3 px-4 py-3 transition-colors first:rounded-t-card last:rounded-b-card ' +
          'hover:bg-sunken/50 sm:px-5',
        provisional && 'opacity-60',
      )}
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
          onChange={(event) => store.setDone(task.id, event.target.checked)}
          className="peer absolute -inset-2 size-10 cursor-pointer appearance-none rounded-full"
        />
        <span
          aria-hidden
          className={cx(
            'pointer-events-none grid size-5.5 place-items-center rounded-full border-2 transition-colors',
            done
              ? 'border-accent bg-accent text-on-accent'
              : task.status === 'in_progress'
                ? 'border-accent'
                : 'border-edge group-hover:border-ink/60',
          )}
        >
          {done ? (
            <Check className="size-3.5" strokeWidth={3} />
          ) : task.status === 'in_progress' ? (
            <span className="size-2 rounded-full bg-accent" />
          ) : null}
        </span>
      </span>
      <div className="min-w-0 flex-1" onDoubleClick={edit}>
        <p
          id={titleId}
          dir="auto"
          className={cx('text-[1.02rem] leading-7 break-words', done && 'text-muted line-through decoration-1')}
        >
          {task.title}
        </p>
        {task.description ? (
          <p
            dir="auto"
            className={cx(
              'line-clamp-2 text-[0.95rem] break-words whitespace-pre-line text-muted',
              done && 'line-clamp-1',
            )}
          >
            {task.description}
          </p>
        ) : null}
        <TaskFacts task={task} />
        <Progress entry={entry} />
      </div>
      <div
        className={
          '-mr-2 flex shrink-0 transition-opacity sm:opacity-0 sm:group-focus-within:opacity-100 ' +
          'sm:group-hover:opacity-100 [@media(hover:none)]:opacity-100'
        }
      >
        <Button
          variant="ghost"
          size="icon"
          aria-label={`Edit: ${task.title}`}
          title="Edit"
          disabled={provisional}
          onClick={edit}
          className="size-9"
        >
          <Pencil aria-hidden className="size-4.5" />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          aria-label={`Delete: ${task.title}`}
          title="Delete"
          disabled={provisional}
          onClick={erase}
          className="size-9 hover:text-danger"
        >
          <Trash2 aria-hidden className="size-4.5" />
        </Button>
      </div>
    </li>
  );
});

/** What there is to know beside the title, when it isn't the ordinary. */
function TaskFacts({ task }: { task: Task }) {
  const today = useToday();
  const { status, priority, dueOn } = task;
  const open = status !== 'done';
  if (status !== 'in_progress' && (priority === 'medium' || !open) && !dueOn) return null;
  const late = today !== undefined && dueOn && open && daysUntil(dueOn, today) < 0;
  return (
    <p className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
      {status === 'in_progress' ? <span className="font-medium text-accent">{STATUS_LABELS.in_progress}</span> : null}
      {priority === 'high' && open ? (
        <span className="inline-flex items-center gap-1.5 font-medium text-warn">
          <Flag aria-hidden className="size-3.5" fill="currentColor" /> High priority
        </span>
      ) : null}
      {priority === 'low' && open ? <span>Low priority</span> : null}
      {dueOn ? (
        <span className={cx('inline-flex items-center gap-1.5', late && 'font-medium text-danger')}>
          <CalendarDays aria-hidden className="size-3.5" />
          <time dateTime={dueOn}>{`${late ? 'Was due' : 'Due'} ${inSentence(dueOn, today)}`}</time>
        </span>
      ) : null}
    </p>
  );
}

/** How far away a day is depends on where the reader is, which the server doesn't know: until then, the day alone. */
function inSentence(day: string, today: string | undefined): string {
  return today === undefined
    ? day
    : dueLabel(day, today).replace(/^(Today|Tomorrow|Yesterday)$/, (word) => word.toLowerCase());
}

/** Said of a row whose change isn't saved, once that takes longer than it should. */
function Progress({ entry }: { entry: Entry | undefined }) {
  if (!entry || entry.error === undefined) return null;
  const words = entry.unknown
    ? 'No answer yet, so we don’t know whether this was saved. Trying again…'
    : 'Not saved yet. Trying again…';
  return (
    <p role="status" className="mt-1 text-sm text-warn">
      {words}
    </p>
  );
}
