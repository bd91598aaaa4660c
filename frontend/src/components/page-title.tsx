import type { ReactNode } from 'react';

/** The title of a signed-in page with one sentence below it. */
export function PageTitle({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mb-7">
      <h1 className="text-3xl font-semibold">{title}</h1>
      <p className="mt-1.5 text-muted">{children}</p>
    </div>
  );
}
