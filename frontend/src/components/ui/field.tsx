import { useId, type ComponentProps, type ReactNode } from 'react';
import { cx } from '../../lib/cx.ts';

/** How every control that takes text looks. */
export const controlClass =
  'w-full rounded-control border border-edge bg-surface px-3.5 text-ink placeholder:text-muted ' +
  'transition-[border-color,box-shadow] duration-150 hover:border-ink/60 ' +
  'focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent ' +
  'aria-invalid:border-danger aria-invalid:focus-visible:outline-danger disabled:opacity-60';

export interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  label: string;
  /** What is wrong with the value, as a sentence. */
  error?: string | undefined;
  hint?: ReactNode;
  /** Shown at the right of the label, a link for instance. */
  aside?: ReactNode;
  /** Stands at the end of the input, a button for instance. */
  end?: ReactNode;
}

/** A labelled input with its hint and its error, tied together for a screen reader. */
export function Field({ label, error, hint, aside, end, className, ...props }: FieldProps) {
  const id = useId();
  // The error takes the hint's place: it says the same thing more urgently, and the page doesn't jump.
  const describedBy = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return (
    <div className={className}>
      <div className="mb-1.5 flex items-baseline justify-between gap-4">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {aside}
      </div>
      <div className="relative">
        <input
          id={id}
          className={cx(controlClass, 'h-11', end !== undefined && 'pr-18')}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy}
          {...props}
        />
        {end === undefined ? null : <span className="absolute inset-y-0 right-1.5 flex items-center">{end}</span>}
      </div>
      {hint && !error ? (
        <p id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="mt-1.5 text-sm text-danger">
          {error}
        </p>
      ) : null}
    </div>
  );
}
