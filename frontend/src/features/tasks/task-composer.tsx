'use client';

import { Plus } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { cx } from '../../lib/cx.ts';
import { randomId } from '../../lib/random-id.ts';
import { useAddTask } from './use-tasks.ts';

/** Longest title the API takes. */
export const TITLE_MAX = 200;

/** One line for a new task; Enter adds it and the line is ready for the next. */
export function TaskComposer() {
  const [error, setError] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const add = useAddTask();

  function submit(event: FormEvent) {
    event.preventDefault();
    const line = input.current;
    if (!line) return;
    const text = line.value.trim();
    line.focus();
    if (!text) {
      setError('Write what there is to do first.');
      return;
    }
    setError(undefined);
    line.value = '';
    add.mutate(
      { draft: { title: text }, key: randomId() },
      // What was typed is not lost when it couldn't be saved, unless the next one is being typed already.
      { onError: () => void (line.value ||= text) },
    );
  }

  return (
    <form noValidate onSubmit={submit} aria-label="Add a task">
      <div
        className={cx(
          'flex items-center gap-2 rounded-card border bg-surface p-2 pl-4 shadow-card transition-colors focus-within:border-accent',
          error ? 'border-danger' : 'border-edge',
        )}
      >
        <Plus aria-hidden className="size-5 shrink-0 text-muted" />
        <input
          ref={input}
          aria-label="New task"
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? 'new-task-error' : undefined}
          name="title"
          autoComplete="off"
          enterKeyHint="done"
          maxLength={TITLE_MAX}
          placeholder="What needs doing?"
          onChange={() => setError(undefined)}
          className="h-11 min-w-0 flex-1 bg-transparent text-[1.05rem] outline-none placeholder:text-muted"
        />
        <Button type="submit" className="max-sm:px-3">
          Add task
        </Button>
      </div>
      {error ? (
        <p id="new-task-error" role="alert" className="mt-2 pl-4 text-sm text-danger">
          {error}
        </p>
      ) : null}
    </form>
  );
}
