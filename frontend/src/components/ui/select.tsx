import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from '../../lib/cx.ts';

/** A native select: the best there is on a phone and for a keyboard, and it weighs nothing. */
export function Select({ className, children, ...props }: ComponentProps<'select'>) {
  return (
    <span className={cx('relative inline-flex', className)}>
      <select
        className={
          'h-10 w-full appearance-none rounded-control border border-edge bg-surface pr-9 pl-3 text-[0.95rem] ' +
          'transition-colors hover:border-ink/60 focus-visible:outline-2 focus-visible:outline-offset-0'
        }
        {...props}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted"
      />
    </span>
  );
}
