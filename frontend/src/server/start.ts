import { installClientAddress } from './auth/client-address.ts';
import { env, EnvError } from './env.ts';

/**
 * Checks the environment and installs what must be in place before the first request. A wrong environment ends the
 * process.
 */
export async function start(): Promise<void> {
  try {
    const { trustedProxies, traceEndpoint, apiInternalUrl } = env();
    installClientAddress(trustedProxies);
    if (traceEndpoint) {
      const { startTelemetry } = await import('./telemetry/telemetry.ts');
      startTelemetry(traceEndpoint, new URL(apiInternalUrl).origin);
    }
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
