/** The web server is up. It says nothing of the database, so that a probe can't be used to load it. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
}
