import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** What a list shows when it has nothing: why, and what to do about it. */
export function Empty({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex animate-rise flex-col items-center px-6 py-16 text-center">
      <span className="mb-5 grid size-14 place-items-center rounded-2xl bg-tint text-accent">
        <Icon aria-hidden className="size-7" strokeWidth={1.6} />
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="mt-1.5 max-w-sm text-muted">{children}</div>
      {action ? <div className="mt-6">{action}</div> : null}
    </div>
  );
}
