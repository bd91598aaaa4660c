/**
 * Keeps one PostgreSQL for many runs of the tests, which then start at once:
 *
 *   node --import tsx test/serve-postgres.ts
 *   export TEST_POSTGRES_URL=…   (the printed line, in another terminal)
 */
import { startTestPostgres } from './global-setup.ts';

const server = await startTestPostgres();
console.log(`export TEST_POSTGRES_URL=${server.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
// The server is a child of ours: waiting for its end keeps us running until a signal comes.
await server.ended;
