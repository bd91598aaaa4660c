import type { ReactNode } from 'react';
import { cx } from '../../lib/cx.ts';

/** A titled section of a page. */
export function Card({
  title,
  description,
  children,
  tone,
  id,
}: {
  title: string;
  description?: ReactNode;
  children: ReactNode;
  tone?: 'danger';
  id?: string;
}) {
  const heading = `${id ?? title.toLowerCase().replace(/\W+/g, '-')}-title`;
  return (
    <section
      aria-labelledby={heading}
      className={cx(
        'rounded-card border bg-surface p-5 shadow-card sm:p-7',
        tone === 'danger' ? 'border-danger/40' : 'border-line',
      )}
    >
      <h2 id={heading} className="text-lg font-semibold">
        {title}
      </h2>
      {description ? <div className="mt-1 max-w-prose text-[0.95rem] text-muted">{description}</div> : null}
      <div className="mt-5">{children}</div>
    </section>
  );
}
