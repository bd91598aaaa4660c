/** The mark: a doorway with its keyhole. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className} fill="none">
      <path d="M6 30V14a10 10 0 0 1 20 0v16z" fill="currentColor" />
      <circle cx="16" cy="15.5" r="3.1" fill="var(--surface)" />
      <path d="M14.6 17.4h2.8l1.1 6.2h-5z" fill="var(--surface)" />
    </svg>
  );
}

/** The mark with the name. */
export function Logo() {
  return (
    <span className="inline-flex items-center gap-2.5 text-[1.05rem] font-semibold tracking-tight">
      <Mark className="size-7 text-accent" />
      Session Guard
    </span>
  );
}
