/** Runs once before the server takes requests. */
export async function register(): Promise<void> {
  // A compile-time constant of Next's, not a setting: it keeps Node's modules out of the edge bundle.
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { start } = await import('./server/start.ts');
    await start();
  }
}
