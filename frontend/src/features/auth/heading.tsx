import type { ReactNode } from 'react';

/** The title of a signed-out page with one sentence below it. */
export function Heading({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mb-8">
      <h1 className="text-3xl font-semibold">{title}</h1>
      <p className="mt-2 text-muted">{children}</p>
    </div>
  );
}
