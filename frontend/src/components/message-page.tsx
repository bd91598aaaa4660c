import type { ReactNode } from 'react';
import { Mark } from './logo.tsx';

/** A page with nothing but a message: something is missing or has failed. */
export function MessagePage({ title, children, action }: { title: string; children: ReactNode; action: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-[80dvh] max-w-md flex-col items-center justify-center px-6 py-16 text-center">
      <Mark className="mb-6 size-12 text-accent" />
      <h1 className="text-3xl font-semibold">{title}</h1>
      <div className="mt-3 text-muted">{children}</div>
      <div className="mt-8">{action}</div>
    </main>
  );
}
