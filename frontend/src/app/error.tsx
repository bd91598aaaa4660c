'use client';

/**
 * Shown when a page could not be made, most often because the database doesn't answer. Says nothing of the inside.
 * It travels with every page, so it brings nothing along.
 */
export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <main className="mx-auto grid min-h-[80dvh] max-w-md content-center justify-items-center gap-4 px-6 text-center">
      <h1 className="text-3xl font-semibold">This page couldn’t be made</h1>
      <p className="text-muted">
        The service may be away for a moment. You are still signed in, and nothing was changed.
      </p>
      {error.digest ? <p className="text-sm text-muted">Reference {error.digest}</p> : null}
      <button
        type="button"
        className="mt-2 h-11 rounded-control bg-accent px-4.5 font-medium text-on-accent"
        onClick={() => window.location.reload()}
      >
        Try again
      </button>
    </main>
  );
}
