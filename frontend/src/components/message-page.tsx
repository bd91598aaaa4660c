import type { ReactNode } from 'react';
import { Mark } from './logo.tsx';

interface MessageProps {
  title: string;
  children: ReactNode;
  action: ReactNode;
}

/** A message where a page would be, inside of what is around it: something is missing or has failed. */
export function MessageBox({ title, children, action }: MessageProps) {
  return (
    <div className="mx-auto flex min-h-[60dvh] max-w-md flex-col items-center justify-center px-6 py-16 text-center">
      <Mark className="mb-6 size-12 text-accent" />
      <h1 className="text-3xl font-semibold">{title}</h1>
      <div className="mt-3 text-muted">{children}</div>
      <div className="mt-8">{action}</div>
    </div>
  );
}

/** A page with nothing but a message. */
export function MessagePage(props: MessageProps) {
  return (
    <main>
      <MessageBox {...props} />
    </main>
  );
}
