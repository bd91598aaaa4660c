'use client';

import './globals.css';

const CENTERED = 'mx-auto grid min-h-[80dvh] max-w-md content-center justify-items-center gap-4 px-6 text-center';

/** The last resort: even the frame of the application failed. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <title>Session Guard</title>
        <main className={CENTERED}>
          <h1 className="text-3xl font-semibold">Something broke</h1>
          <p className="text-muted">The application couldn’t start in this browser. Trying again often helps.</p>
          <button
            type="button"
            className="mt-2 h-11 rounded-control bg-accent px-4.5 font-medium text-on-accent"
            onClick={() => window.location.reload()}
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
