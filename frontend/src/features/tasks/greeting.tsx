'use client';

import { useHour } from '../../lib/use-clock.ts';

function greetingAt(hour: number | undefined): string {
  if (hour === undefined) return 'Hello';
  if (hour < 5) return 'Good night';
  if (hour < 12) return 'Good morning';
  return hour < 18 ? 'Good afternoon' : 'Good evening';
}

/** The title of the page: a greeting by the reader's own clock, which only the browser knows. */
export function Greeting({ name }: { name: string }) {
  const hour = useHour();
  const first = name.trim().split(/\s+/)[0] ?? name;
  return (
    <div className="mb-6">
      <p dir="auto" className="text-[0.95rem] wrap-anywhere text-muted">
        {greetingAt(hour)}, {first}
      </p>
      <h1 className="mt-0.5 text-3xl font-semibold">Your tasks</h1>
    </div>
  );
}
