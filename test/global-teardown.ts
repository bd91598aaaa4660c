/** Stops the server this run has started, and only that one. */
export default async function teardown(): Promise<void> {
  if (globalThis.testPostgres === undefined) return;
  await globalThis.testPostgres.stop();
  globalThis.testPostgres = undefined;
  delete process.env['TEST_POSTGRES_URL'];
}
