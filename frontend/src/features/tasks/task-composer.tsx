'use client';

import { Plus } from 'lucide-react';
import { useEffect, useRef, useState, type ClipboardEvent, type FormEvent } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { explain } from '../../lib/api/explain.ts';
import { cx } from '../../lib/cx.ts';
import type { Entry } from './model/outbox.ts';
import { useEntries, usePageTasks } from './tasks-context.tsx';
import { LINES_MAX, linesOf, taskOf } from './typed-lines.ts';
import { TITLE_MAX } from './types.ts';

const titleOf = ({ intention }: Entry) => (intention.kind === 'add' ? intention.draft.title : '');

/**
 * One line for a new task; Enter adds it and the line is ready for the next. What couldn't be added comes back here.
 */
export function TaskComposer() {
  const tasks = usePageTasks();
  const { store } = tasks;
  const entries = useEntries();
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string>();
  const [pasted, setPasted] = useState<string[]>();
  /** The key of what came back into the line. */
  const [returned, setReturned] = useState<string>();
  const failed = entries.filter(({ intention, state }) => intention.kind === 'add' && state === 'failed');
  const inLine = failed.find(({ intention }) => intention.key === returned);
  const next = inLine ? undefined : failed[0];

  const write = (text: string) => {
    if (input.current) input.current.value = text;
    tasks.drafts.keepLine(text);
  };

  useEffect(() => {
    tasks.load();
    // What was typed before the script arrived comes first.
    if (input.current && !input.current.value) input.current.value = tasks.drafts.line;
  }, [tasks, input]);

  useEffect(() => {
    if (!next || !input.current || input.current.value) return;
    input.current.value = titleOf(next);
    tasks.drafts.keepLine(input.current.value);
    setReturned(next.intention.key);
  }, [next, tasks, input]);

  function submit(event: FormEvent) {
    event.preventDefault();
    const line = input.current;
    if (!line) return;
    const text = line.value.trim();
    line.focus();
    if (!text) return setError('Write what there is to do first.');
    if (text.length > TITLE_MAX)
      return setError(`A title has at most ${TITLE_MAX} characters; this one has ${text.length}.`);
    setError(undefined);
    write('');
    if (inLine && titleOf(inLine) === text) return store.retry(inLine.intention.key);
    // Another text is another task; of the one that came back nothing is left to do.
    if (inLine) store.discard(inLine.intention.key);
    store.add({ title: text });
  }

  function paste(event: ClipboardEvent) {
    const lines = linesOf(event.clipboardData.getData('text'));
    if (lines.length < 2) return;
    event.preventDefault();
    setPasted(lines);
  }

  function addAsOne(lines: string[]) {
    setPasted(undefined);
    write([input.current?.value ?? '', ...lines].join(' ').trim());
    input.current?.focus();
  }

  function addAll(lines: string[]) {
    setPasted(undefined);
    input.current?.focus();
    // The first line last: in the list, where the newest is on top, they stand as they were written.
    for (const line of lines.toReversed()) store.add(taskOf(line));
  }

  return (
    <form noValidate onSubmit={submit} aria-label="Add a task">
      <div
        className={cx(
          'flex items-center gap-2 rounded-card border bg-surface p-2 pl-4 shadow-card transition-colors ' +
            'focus-within:border-accent',
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
          dir="auto"
          enterKeyHint="done"
          placeholder="What needs doing?"
          onPaste={paste}
          onChange={(event) => {
            setError(undefined);
            tasks.drafts.keepLine(event.target.value);
          }}
          className="h-11 min-w-0 flex-1 bg-transparent text-[1.05rem] outline-none placeholder:text-muted"
        />
        <Button
          type="submit"
          className="max-sm:px-3"
          onClick={(event) => {
            // The second click of a double click.
            if (event.detail > 1 && !input.current?.value) event.preventDefault();
          }}
        >
          Add task
        </Button>
      </div>
      {error ? (
        <p id="new-task-error" role="alert" className="mt-2 pl-4 text-sm text-danger">
          {error}
        </p>
      ) : null}
      {pasted ? <PastedLines lines={pasted} onAll={() => addAll(pasted)} onOne={() => addAsOne(pasted)} /> : null}
      {failed.map((entry) => (
        <Notice
          key={entry.intention.key}
          tone="danger"
          className="mt-3"
          action={
            entry === inLine ? undefined : (
              <Decide
                onRetry={() => store.retry(entry.intention.key)}
                onDiscard={() => store.discard(entry.intention.key)}
              />
            )
          }
        >
          {entry === inLine ? null : <span className="font-medium break-words">“{titleOf(entry)}”: </span>}
          {explain(entry.error, entry.unknown)} {entry.unknown ? 'Adding it again won’t make a second one.' : null}
        </Notice>
      ))}
    </form>
  );
}

function Decide({ onRetry, onDiscard }: { onRetry: () => void; onDiscard: () => void }) {
  return (
    <span className="flex gap-2">
      <Button variant="ghost" size="sm" onClick={onDiscard}>
        Discard
      </Button>
      <Button variant="secondary" size="sm" onClick={onRetry}>
        Try again
      </Button>
    </span>
  );
}

function PastedLines({ lines, onAll, onOne }: { lines: string[]; onAll: () => void; onOne: () => void }) {
  const tooMany = lines.length > LINES_MAX;
  return (
    <Notice
      tone="info"
      className="mt-3"
      action={
        <span className="flex gap-2">
          <Button variant="ghost" size="sm" onClick={onOne}>
            As one task
          </Button>
          {tooMany ? null : (
            <Button size="sm" onClick={onAll}>
              Add {lines.length} tasks
            </Button>
          )}
        </span>
      }
    >
      {tooMany
        ? `You pasted ${lines.length} lines. At most ${LINES_MAX} can become tasks at once.`
        : `You pasted ${lines.length} lines. Should each be a task of its own?`}
    </Notice>
  );
}
