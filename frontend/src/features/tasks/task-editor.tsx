'use client';

import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import { ApiProblem } from '@session-guard/api-client';
import { useId, useState, type ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import * as z from 'zod/mini';
import { Button } from '../../components/ui/button.tsx';
import { controlClass, Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { Select } from '../../components/ui/select.tsx';
import { explain } from '../../lib/api/explain.ts';
import { cx } from '../../lib/cx.ts';
import { fromDateInput, toDateInput } from '../../lib/dates.ts';
import { usePageApi } from '../live/page-providers.tsx';
import { getTask } from './task-api.ts';
import { TaskConflict } from './task-conflict.tsx';
import { PRIORITIES, PRIORITY_LABELS, STATUS_LABELS, STATUSES, type Task, type TaskDraft } from './types.ts';
import { useSaveTask } from './use-tasks.ts';

const schema = z.object({
  title: z.string().check(z.trim(), z.minLength(1, 'A task needs a title.'), z.maxLength(200, 'Use at most 200 characters.')),
  description: z.string().check(z.maxLength(5_000, 'Use at most 5,000 characters.')),
  status: z.enum(STATUSES),
  priority: z.enum(PRIORITIES),
  due: z.string(),
});

type Values = z.infer<typeof schema>;

/** A task's values as the form holds them. */
const toValues = (task: Task): Values => ({
  title: task.title,
  description: task.description ?? '',
  status: task.status,
  priority: task.priority,
  due: toDateInput(task.dueAt),
});

/** The form's values as the API takes them. A day that wasn't touched keeps its exact hour. */
function toDraft(values: Values, base: Task): TaskDraft {
  return {
    title: values.title,
    description: values.description.trim() === '' ? null : values.description,
    status: values.status,
    priority: values.priority,
    dueAt: values.due === toDateInput(base.dueAt) ? base.dueAt : fromDateInput(values.due),
  };
}

/**
 * Edits a task in its place. What is saved is bound to the version that was opened: when the task was changed
 * elsewhere meanwhile, nothing is overwritten and both versions are shown.
 */
export function TaskEditor({ task, onClose }: { task: Task; onClose: () => void }) {
  const id = useId();
  const { client } = usePageApi();
  const save = useSaveTask();
  // The version under this edit: the list may move on below it.
  const [base] = useState(task);
  const [conflict, setConflict] = useState<{ mine: TaskDraft; saved: Task }>();
  const [failure, setFailure] = useState<string>();
  const form = useForm<Values>({ defaultValues: toValues(task), resolver: standardSchemaResolver(schema) });
  const { errors } = form.formState;

  async function submit(change: TaskDraft, version: number) {
    setFailure(undefined);
    try {
      await save.mutateAsync({ id: base.id, change, version });
      onClose();
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 412) await showConflict(change);
      else setFailure(explain(error));
    }
  }

  async function showConflict(mine: TaskDraft) {
    try {
      setConflict({ mine, saved: await getTask(client, base.id) });
    } catch (error) {
      setFailure(explain(error));
    }
  }

  if (conflict) {
    return (
      <TaskConflict
        mine={conflict.mine}
        saved={conflict.saved}
        pending={save.isPending}
        failure={failure}
        onKeepMine={() => void submit(conflict.mine, conflict.saved.version)}
        onTakeSaved={onClose}
      />
    );
  }

  return (
    <form
      noValidate
      aria-label="Edit task"
      className="grid gap-4"
      onSubmit={(event) => void form.handleSubmit((values) => submit(toDraft(values, base), base.version))(event)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
      }}
    >
      {failure ? <Notice tone="danger">{failure}</Notice> : null}
      <Field label="Title" autoFocus maxLength={200} error={errors.title?.message} {...form.register('title')} />
      <div>
        <label htmlFor={`${id}-notes`} className="mb-1.5 block text-sm font-medium">
          Notes
        </label>
        <textarea id={`${id}-notes`} rows={3} maxLength={5_000} className={cx(controlClass, 'field-sizing-content max-h-80 min-h-22 py-2.5')} {...form.register('description')} />
        {errors.description ? <p className="mt-1.5 text-sm text-danger">{errors.description.message}</p> : null}
      </div>
      <div className="grid gap-4 sm:grid-cols-3">
        <Labelled id={`${id}-status`} label="Status">
          <Select id={`${id}-status`} {...form.register('status')}>
            {STATUSES.map((status) => (
              <option key={status} value={status}>
                {STATUS_LABELS[status]}
              </option>
            ))}
          </Select>
        </Labelled>
        <Labelled id={`${id}-priority`} label="Priority">
          <Select id={`${id}-priority`} {...form.register('priority')}>
            {PRIORITIES.map((priority) => (
              <option key={priority} value={priority}>
                {PRIORITY_LABELS[priority]}
              </option>
            ))}
          </Select>
        </Labelled>
        <Labelled id={`${id}-due`} label="Due">
          <input id={`${id}-due`} type="date" max="9999-12-31" className={cx(controlClass, 'h-10 text-[0.95rem]')} {...form.register('due')} />
        </Labelled>
      </div>
      <div className="flex justify-end gap-2">
        <Button variant="ghost" size="sm" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" size="sm" pending={save.isPending}>
          Save
        </Button>
      </div>
    </form>
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
