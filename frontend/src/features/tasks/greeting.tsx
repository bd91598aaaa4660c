'use client';

import { useState } from 'react';
import { useHydrated } from '../../lib/use-hydrated.ts';

/** The title of the page: a greeting by the reader's own clock, which only the browser knows. */
export function Greeting({ name }: { name: string }) {
  const hydrated = useHydrated();
  const [now] = useState(() => new Date());
  const first = name.trim().split(/\s+/)[0] ?? name;
  const hour = hydrated ? now.getHours() : -1;
  const words = hour < 0 ? 'Hello' : hour < 5 ? 'Good night' : hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening';
  return (
    <div className="mb-6">
      <p dir="auto" className="text-[0.95rem] wrap-anywhere text-muted">
        {words}, {first}
      </p>
      <h1 className="mt-0.5 text-3xl font-semibold">Your tasks</h1>
    </div>
  );
}
