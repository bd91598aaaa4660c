'use client';

import type { ComponentProps } from 'react';
import { cx } from '../../lib/cx.ts';
import { useHydrated } from '../../lib/use-hydrated.ts';
import { buttonClass, type Size, type Variant } from './button-class.ts';

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: Variant;
  size?: Size;
  /** Shows that it is working and keeps it from being pressed again; the name stays the same. */
  pending?: boolean;
}

/**
 * A button; `type="button"` unless told otherwise.
 *
 * Until the script that answers it has arrived it can't be pressed: a press would be lost, and a form would be sent the
 * browser's own way, with the password in the address. On a
 * slow connection a pulsing line says that it isn't ready.
 */
export function Button({
  variant,
  size,
  pending = false,
  className,
  children,
  disabled = false,
  ...props
}: ButtonProps) {
  const ready = useHydrated();
  const off = disabled || pending;
  return (
    <button
      type="button"
      className={buttonClass(variant, size, className)}
      disabled={off || !ready}
      data-dim={off || undefined}
      aria-busy={pending || undefined}
      {...props}
    >
      <span className={cx('inline-flex items-center justify-center gap-[inherit]', pending && 'opacity-0')}>
        {children}
      </span>
      {ready ? null : (
        <span
          aria-hidden
          className={
            'absolute inset-x-3 bottom-1 h-0.5 animate-late overflow-hidden rounded-full before:block ' +
            'before:h-full before:animate-breathe before:bg-current'
          }
        />
      )}
      {pending ? (
        <span
          aria-hidden
          className="absolute size-4.5 animate-turn rounded-full border-2 border-current border-r-transparent"
        />
      ) : null}
    </button>
  );
}
