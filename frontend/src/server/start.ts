import { installClientAddress } from './auth/client-address.ts';
import { env, EnvError } from './env.ts';

/** Checks the environment and installs what must be in place before the first request. A wrong environment ends the process. */
export function start(): void {
  try {
    installClientAddress(env().trustedProxies);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
