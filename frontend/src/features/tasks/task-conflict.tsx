'use client';

import { useEffect, useRef } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { cx } from '../../lib/cx.ts';
import { dueLabel } from '../../lib/dates.ts';
import { PRIORITY_LABELS, STATUS_LABELS, type Task, type TaskDraft } from './types.ts';

/** The rows of the comparison: what a person calls each part, and how it reads. */
const PARTS: { label: string; text: (task: TaskDraft) => string }[] = [
  { label: 'Title', text: ({ title }) => title },
  { label: 'Notes', text: ({ description }) => description ?? 'None' },
  { label: 'Status', text: ({ status }) => STATUS_LABELS[status] },
  { label: 'Priority', text: ({ priority }) => PRIORITY_LABELS[priority] },
  { label: 'Due', text: ({ dueAt }) => (dueAt ? dueLabel(dueAt, new Date()) : 'No date') },
];

/** The parts in which two versions differ. */
export function differences(mine: TaskDraft, saved: TaskDraft): string[] {
  return PARTS.filter(({ text }) => text(mine) !== text(saved)).map(({ label }) => label);
}

export interface TaskConflictProps {
  mine: TaskDraft;
  saved: Task;
  pending: boolean;
  failure: string | undefined;
  onKeepMine: () => void;
  onTakeSaved: () => void;
}

/** Both versions side by side when a task was changed elsewhere during an edit. Nothing is decided for anyone. */
export function TaskConflict({ mine, saved, pending, failure, onKeepMine, onTakeSaved }: TaskConflictProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const different = new Set(differences(mine, saved));

  return (
    <div ref={box} tabIndex={-1} role="group" aria-label="Two versions of this task" className="grid gap-4 outline-none">
      <Notice tone="warn">This task was changed somewhere else while you were editing. Which version should stay?</Notice>
      {failure ? <Notice tone="danger">{failure}</Notice> : null}
      <div className="grid gap-3 sm:grid-cols-2">
        {[
          { title: 'Your version', task: mine },
          { title: 'Saved version', task: saved as TaskDraft },
        ].map(({ title, task }) => (
          <section key={title} aria-label={title} className="rounded-control border border-line bg-paper p-4">
            <h3 className="mb-3 text-sm font-semibold text-muted">{title}</h3>
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-[0.95rem]">
              {PARTS.map(({ label, text }) => (
                <div key={label} className="contents">
                  <dt className="text-muted">{label}</dt>
                  <dd className={cx('min-w-0 break-words', different.has(label) && '-mx-1 rounded bg-warn-tint px-1 font-medium')}>{text(task)}</dd>
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
        <Button size="sm" pending={pending} onClick={onKeepMine}>
          Keep my version
        </Button>
      </div>
    </div>
  );
}
