import { cx } from '../../lib/cx.ts';

/** A grey stand-in for what is on its way; hidden from screen readers, whose container says that it is busy. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx('animate-breathe rounded-lg bg-sunken', className)} />;
}
