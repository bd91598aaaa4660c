'use client';

import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Select } from '../../components/ui/select.tsx';
import { cx } from '../../lib/cx.ts';
import { useHydrated } from '../../lib/use-hydrated.ts';
import { QUERY_MAX, type FilterState } from './filters.ts';
import {
  PRIORITIES,
  PRIORITY_LABELS,
  SORT_LABELS,
  SORTS,
  STATUS_LABELS,
  STATUSES,
  type TaskPriority,
  type TaskSort,
} from './types.ts';

/** A pause in typing of this many milliseconds starts the search. */
const TYPING_MS = 250;

/**
 * Filter, search and order. The state lives in the URL, so that it can be shared and the way back leads through it:
 * each choice is a step there, each letter of a search is not.
 */
export function TaskFiltersBar({
  value,
  onChange,
  onSearch,
}: {
  value: FilterState;
  onChange: (change: Partial<FilterState>) => void;
  onSearch: (q: string) => void;
}) {
  // A choice made before the script has arrived would be lost.
  const ready = useHydrated();
  return (
    <div role="search" aria-label="Filter tasks" className="grid gap-3">
      <fieldset className="flex min-w-0 gap-1 overflow-x-auto rounded-control bg-sunken p-1">
        <legend className="sr-only">Status</legend>
        {([null, ...STATUSES] as const).map((status) => (
          <label
            key={status ?? 'all'}
            className={cx(
              'relative flex-1 rounded-[0.6rem] px-3 py-2 text-center text-[0.95rem] font-medium whitespace-nowrap ' +
                'transition-colors has-focus-visible:outline-2 has-focus-visible:outline-accent',
              value.status === status ? 'bg-surface text-ink shadow-sm' : 'text-muted hover:text-ink',
            )}
          >
            <input
              type="radio"
              name="status"
              className="sr-only"
              checked={value.status === status}
              disabled={!ready}
              onChange={() => onChange({ status })}
            />
            {status ? STATUS_LABELS[status] : 'All'}
          </label>
        ))}
      </fieldset>
      <div className="flex flex-wrap gap-2">
        <SearchBox value={value.q} onChange={onSearch} />
        <Select
          aria-label="Priority"
          disabled={!ready}
          value={value.priority ?? ''}
          onChange={(event) => onChange({ priority: (event.target.value || null) as TaskPriority | null })}
          className="flex-1 sm:flex-none"
        >
          <option value="">Any priority</option>
          {PRIORITIES.toReversed().map((priority) => (
            <option key={priority} value={priority}>
              {PRIORITY_LABELS[priority]} priority
            </option>
          ))}
        </Select>
        <Select
          aria-label="Order"
          disabled={!ready}
          value={value.sort}
          onChange={(event) => onChange({ sort: event.target.value as TaskSort })}
          className="flex-1 sm:flex-none"
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {SORT_LABELS[sort]}
            </option>
          ))}
        </Select>
      </div>
    </div>
  );
}

function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What was typed and is on its way into the URL, the oldest first. */
  const sent = useRef<string[]>([]);
  /** What the URL said when the box last looked. */
  const seen = useRef(value);
  const [isEmpty, setIsEmpty] = useState(value === '');

  // The box belongs to whoever types: the URL changes it only when it changed by another way, the browser's back for
  // instance.
  useEffect(() => {
    // Not when the script arrives: what was typed before that stays.
    if (value === seen.current) return;
    seen.current = value;
    const own = sent.current.lastIndexOf(value);
    sent.current = sent.current.slice(own + 1);
    if (own >= 0 || !input.current || input.current.value.trim() === value.trim()) return;
    clearTimeout(timer.current);
    input.current.value = value;
    setIsEmpty(value === '');
  }, [value]);

  useEffect(() => {
    // Typed before the script arrived.
    if (input.current && input.current.value !== input.current.defaultValue) search(input.current.value);
    return () => clearTimeout(timer.current);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the script has arrived
  }, []);

  function search(text: string, pause = TYPING_MS) {
    setIsEmpty(text === '');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      sent.current.push(text);
      onChange(text);
    }, pause);
  }

  return (
    <div className="relative flex-1 basis-full sm:basis-56">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-3 size-4.5 -translate-y-1/2 text-muted"
      />
      <input
        ref={input}
        type="search"
        aria-label="Search"
        placeholder="Search"
        dir="auto"
        maxLength={QUERY_MAX}
        defaultValue={value}
        onChange={(event) => search(event.target.value)}
        className={
          'h-10 w-full rounded-control border border-edge bg-surface pr-9 pl-10 text-[0.95rem] transition-colors ' +
          'placeholder:text-muted hover:border-ink/60 focus-visible:outline-2 focus-visible:outline-offset-0 ' +
          '[&::-webkit-search-cancel-button]:hidden'
        }
      />
      {isEmpty ? null : (
        <button
          type="button"
          aria-label="Clear the search"
          className={
            'absolute top-1/2 right-1.5 grid size-7 -translate-y-1/2 place-items-center rounded-lg text-muted ' +
            'hover:text-ink'
          }
          onClick={() => {
            if (!input.current) return;
            input.current.value = '';
            search('', 0);
            input.current.focus();
          }}
        >
          <X aria-hidden className="size-4" />
        </button>
      )}
    </div>
  );
}
