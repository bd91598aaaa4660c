import type { ReactNode } from 'react';
import { cx } from '../../lib/cx.ts';

const TONES = { info: 'bg-tint', warn: 'bg-warn-tint', danger: 'bg-danger-tint' };

/**
 * A message above a signed-out form; a failure is announced at once. Without icons: these pages count every kilobyte.
 */
export function Message({ tone, children }: { tone: keyof typeof TONES; children: ReactNode }) {
  return (
    <p
      role={tone === 'danger' ? 'alert' : 'status'}
      className={cx('animate-rise rounded-control px-4 py-3 text-[0.95rem]', TONES[tone])}
    >
      {children}
    </p>
  );
}
