'use client';

import { useEffect, useRef } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { cx } from '../../lib/cx.ts';
import { dueLabel } from '../../lib/dates.ts';
import { useToday } from '../../lib/use-clock.ts';
import { PRIORITY_LABELS, STATUS_LABELS, type Task, type TaskDraft } from './types.ts';

/** The rows of the comparison: what a person calls each part, and how it reads. */
const PARTS: { field: keyof TaskDraft; label: string; text: (task: TaskDraft, today: string) => string }[] = [
  { field: 'title', label: 'Title', text: ({ title }) => title },
  { field: 'description', label: 'Notes', text: ({ description }) => description ?? 'None' },
  { field: 'status', label: 'Status', text: ({ status }) => STATUS_LABELS[status] },
  { field: 'priority', label: 'Priority', text: ({ priority }) => PRIORITY_LABELS[priority] },
  { field: 'dueOn', label: 'Due', text: ({ dueOn }, today) => (dueOn ? dueLabel(dueOn, today) : 'No date') },
];

export interface TaskConflictProps {
  /** The edit, with what was changed elsewhere alone. */
  mine: TaskDraft;
  saved: Task;
  /** What was changed on both sides. */
  fields: readonly (keyof TaskDraft)[];
  onKeepMine: () => void;
  onTakeSaved: () => void;
}

/**
 * Both versions side by side when the same part of a task was changed elsewhere during an edit. Nothing is decided for
 * anyone.
 */
export function TaskConflict({ mine, saved, fields, onKeepMine, onTakeSaved }: TaskConflictProps) {
  const today = useToday() ?? '';
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);

  return (
    <div
      ref={box}
      tabIndex={-1}
      role="group"
      aria-label="Two versions of this task"
      className="grid gap-4 outline-none"
    >
      <Notice tone="warn">
        This task was changed somewhere else while you were editing. Which version should stay?
      </Notice>
      <div className="grid gap-3 sm:grid-cols-2">
        {[
          { title: 'Your version', task: mine },
          { title: 'Saved version', task: saved as TaskDraft },
        ].map(({ title, task }) => (
          <section key={title} aria-label={title} className="rounded-control border border-line bg-paper p-4">
            <h3 className="mb-3 text-sm font-semibold text-muted">{title}</h3>
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-[0.95rem]">
              {PARTS.map(({ field, label, text }) => (
                <div key={label} className="contents">
                  <dt className="text-muted">{label}</dt>
                  <dd
                    dir="auto"
                    className={cx(
                      'min-w-0 break-words',
                      fields.includes(field) && '-mx-1 rounded bg-warn-tint px-1 font-medium',
                    )}
                  >
                    {text(task, today)}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="secondary" size="sm" onClick={onTakeSaved}>
          Take the saved version
        </Button>
        <Button size="sm" onClick={onKeepMine}>
          Keep my version
        </Button>
      </div>
    </div>
  );
}
