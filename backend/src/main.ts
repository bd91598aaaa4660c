import { createApp } from './app.setup.ts';
import { EnvError, environment, parseEnv } from './env.ts';
import { createLogger } from './logging/logger.ts';
import { watchProcess } from './process.errors.ts';

/** Milliseconds a shutdown may take before the process ends anyway. */
const SHUTDOWN_MS = 10_000;

async function main(): Promise<void> {
  const startedAt = performance.now();
  const env = parseEnv(environment());
  // Loaded only in a terminal, as what follows is only where traces are asked for: it costs nothing elsewhere.
  const { logger, flush } = createLogger(
    env.logLevel,
    process.stdout.isTTY ? (await import('./logging/pretty.ts')).pretty() : undefined,
  );
  process.once('exit', flush);
  const telemetry =
    env.traceEndpoint === undefined
      ? undefined
      : (await import('./telemetry/telemetry.ts')).startTelemetry(env.traceEndpoint);
  const app = await createApp(env, logger, telemetry);
  await app.listen(env.port, env.host);

  const end = (exitCode: number): void => {
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    void app
      .close()
      .then(() => telemetry?.shutdown())
      .then(
        () => process.exit(exitCode),
        () => process.exit(1),
      );
  };
  watchProcess(process, logger, () => end(1));
  // Nest's own shutdown hooks would end the process by the signal; an orderly end is exit code 0.
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'stopping: requests in flight are answered first');
    end(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  logger.info({ url: await app.getUrl(), pid: process.pid, ms: Math.round(performance.now() - startedAt) }, 'ready');
}

main().catch((error: unknown) => {
  // What is wrong with the environment or the database is for the operator to read; a stack says nothing more.
  const expected = error instanceof EnvError || (error instanceof Error && /^(Api|Auth|Isolation)/.test(error.name));
  console.error(expected && error instanceof Error ? error.message : error);
  process.exit(1);
});
