import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../lib/cx.ts';

const TONES = {
  info: { icon: Info, className: 'bg-tint text-ink', iconClass: 'text-accent' },
  success: { icon: CircleCheck, className: 'bg-tint text-ink', iconClass: 'text-accent' },
  warn: { icon: TriangleAlert, className: 'bg-warn-tint text-ink', iconClass: 'text-warn' },
  danger: { icon: CircleAlert, className: 'bg-danger-tint text-ink', iconClass: 'text-danger' },
} as const;

/** A message that stays until its cause is gone. Failures are announced at once, the rest politely. */
export function Notice({
  tone,
  children,
  action,
  className,
}: {
  tone: keyof typeof TONES;
  children: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  const { icon: Icon, className: toneClass, iconClass } = TONES[tone];
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={cx(
        'flex animate-rise flex-wrap items-center gap-x-3 gap-y-2 rounded-control px-4 py-3 text-[0.95rem]',
        toneClass,
        className,
      )}
    >
      <Icon aria-hidden className={cx('size-5 shrink-0 self-start', iconClass)} />
      <div className="min-w-0 flex-1 basis-56">{children}</div>
      {action}
    </div>
  );
}
