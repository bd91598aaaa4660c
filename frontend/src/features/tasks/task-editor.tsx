'use client';

import { useId, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { controlClass, Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { Select } from '../../components/ui/select.tsx';
import { cx } from '../../lib/cx.ts';
import { isDirty, type Draft } from './drafts.ts';
import { changesBetween } from './model/merge.ts';
import { TaskConflict } from './task-conflict.tsx';
import { usePageTasks } from './tasks-context.tsx';
import {
  NOTES_MAX,
  PRIORITIES,
  PRIORITY_LABELS,
  STATUS_LABELS,
  STATUSES,
  TITLE_MAX,
  type Task,
  type TaskDraft,
  type TaskPriority,
  type TaskStatus,
} from './types.ts';
import { useSave } from './use-save.ts';

const count = (length: number) => length.toLocaleString('en');

function errorsOf({ title, description }: TaskDraft): { title?: string; notes?: string } {
  const long = description?.length ?? 0;
  return {
    ...(title.trim() === '' ? { title: 'A task needs a title.' } : {}),
    ...(title.trim().length > TITLE_MAX
      ? { title: `Use at most ${TITLE_MAX} characters; these are ${count(title.trim().length)}.` }
      : {}),
    ...(long > NOTES_MAX ? { notes: `Use at most ${count(NOTES_MAX)} characters; these are ${count(long)}.` } : {}),
  };
}

const trimmed = (values: TaskDraft): TaskDraft => ({
  ...values,
  title: values.title.trim(),
  description: values.description?.trim() ? values.description : null,
});

export interface TaskEditorProps {
  draft: Draft;
  /** The task was deleted elsewhere meanwhile. */
  isGone: boolean;
  /** @param saved Whether something was saved. */
  onClose: (saved: boolean) => void;
}

/**
 * Edits a task in its place. What is typed is kept until it is saved or discarded. When the task was changed elsewhere
 * meanwhile, the two are merged by field, and only what both changed is asked about.
 */
export function TaskEditor({ draft, isGone, onClose }: TaskEditorProps) {
  const id = useId();
  const { drafts } = usePageTasks();
  const { base, values } = draft;
  const { isSaving, failure, save, bringBack } = useSave();
  const [conflict, setConflict] = useState<{ saved: Task; fields: readonly (keyof TaskDraft)[] }>();
  const [wasGone, setWasGone] = useState(false);
  const [asked, setAsked] = useState(false);
  const [checked, setChecked] = useState(false);
  const errors = checked ? errorsOf(values) : {};
  const deleted = isGone || wasGone;
  const set = (change: Partial<TaskDraft>) => drafts.put({ base, values: { ...values, ...change } });

  async function submit(from: Task, mine: TaskDraft) {
    const outcome = await save(from, mine);
    if (outcome?.kind === 'saved') onClose(true);
    else if (outcome?.kind === 'conflict') setConflict(outcome);
    else if (outcome?.kind === 'gone') setWasGone(true);
  }

  async function saveValues(event?: FormEvent) {
    event?.preventDefault();
    setChecked(true);
    if (Object.keys(errorsOf(values)).length > 0 || isSaving) return;
    if (!deleted) return submit(base, trimmed(values));
    const back = await bringBack(base.id, trimmed(values));
    if (back) await submit(base, trimmed(values));
    else if (back === false) onClose(false);
  }

  function leave() {
    if (isDirty(draft)) setAsked(!asked);
    else onClose(false);
  }

  function onKeyDown(event: KeyboardEvent<HTMLFormElement>) {
    // The key belongs to the input method, which closes its suggestions with it.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') leave();
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
  }

  if (conflict) {
    const mine = { ...conflict.saved, ...changesBetween(base, trimmed(values)) };
    const rest = { ...mine, ...Object.fromEntries(conflict.fields.map((field) => [field, conflict.saved[field]])) };
    const resolve = (result: TaskDraft) => {
      const { title, description, status, priority, dueOn } = result;
      drafts.put({ base: conflict.saved, values: { title, description, status, priority, dueOn } });
      setConflict(undefined);
      void submit(conflict.saved, result);
    };
    return (
      <TaskConflict
        mine={mine}
        saved={conflict.saved}
        fields={conflict.fields}
        onKeepMine={() => resolve(mine)}
        onTakeSaved={() => resolve(rest)}
      />
    );
  }

  return (
    <form
      noValidate
      aria-label="Edit task"
      className="grid gap-4"
      onSubmit={(event) => void saveValues(event)}
      onKeyDown={onKeyDown}
    >
      {deleted ? (
        <Notice tone="warn">
          This task was deleted somewhere else. Your text is still here: saving it brings the task back.
        </Notice>
      ) : null}
      {failure ? <Notice tone="danger">{failure}</Notice> : null}
      {asked ? <AskBeforeDiscarding onDiscard={() => onClose(false)} onKeep={() => setAsked(false)} /> : null}
      <Field
        label="Title"
        dir="auto"
        autoFocus
        value={values.title}
        error={errors.title}
        onChange={(event) => set({ title: event.target.value })}
      />
      <div>
        <label htmlFor={`${id}-notes`} className="mb-1.5 block text-sm font-medium">
          Notes
        </label>
        <textarea
          id={`${id}-notes`}
          rows={3}
          dir="auto"
          aria-invalid={errors.notes ? true : undefined}
          aria-describedby={errors.notes ? `${id}-notes-error` : undefined}
          className={cx(controlClass, 'field-sizing-content max-h-80 min-h-22 py-2.5')}
          value={values.description ?? ''}
          onChange={(event) => set({ description: event.target.value || null })}
        />
        {errors.notes ? (
          <p id={`${id}-notes-error`} className="mt-1.5 text-sm text-danger">
            {errors.notes}
          </p>
        ) : null}
      </div>
      <div className="grid gap-4 sm:grid-cols-3">
        <Labelled id={`${id}-status`} label="Status">
          <Select
            id={`${id}-status`}
            value={values.status}
            onChange={(event) => set({ status: event.target.value as TaskStatus })}
          >
            {STATUSES.map((status) => (
              <option key={status} value={status}>
                {STATUS_LABELS[status]}
              </option>
            ))}
          </Select>
        </Labelled>
        <Labelled id={`${id}-priority`} label="Priority">
          <Select
            id={`${id}-priority`}
            value={values.priority}
            onChange={(event) => set({ priority: event.target.value as TaskPriority })}
          >
            {PRIORITIES.map((priority) => (
              <option key={priority} value={priority}>
                {PRIORITY_LABELS[priority]}
              </option>
            ))}
          </Select>
        </Labelled>
        <Labelled id={`${id}-due`} label="Due">
          <input
            id={`${id}-due`}
            type="date"
            max="9999-12-31"
            className={cx(controlClass, 'h-10 text-[0.95rem]')}
            value={values.dueOn ?? ''}
            onChange={(event) => set({ dueOn: event.target.value || null })}
          />
        </Labelled>
      </div>
      <div className="flex justify-end gap-2">
        <Button variant="ghost" size="sm" onClick={() => onClose(false)}>
          Cancel
        </Button>
        <Button type="submit" size="sm" pending={isSaving}>
          Save
        </Button>
      </div>
    </form>
  );
}

function AskBeforeDiscarding({ onDiscard, onKeep }: { onDiscard: () => void; onKeep: () => void }) {
  return (
    <Notice
      tone="warn"
      action={
        <span className="flex gap-2">
          <Button variant="ghost" size="sm" onClick={onDiscard}>
            Discard
          </Button>
          <Button variant="secondary" size="sm" autoFocus onClick={onKeep}>
            Keep editing
          </Button>
        </span>
      }
    >
      Discard what you changed?
    </Notice>
  );
}

function Labelled({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children}
    </div>
  );
}
