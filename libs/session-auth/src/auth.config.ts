import { resolveConfig, type VerifierConfig } from '@session-guard/core';
import type { AuthModuleOptions, LookupLimit } from './auth.options.ts';

/** What the guard goes by: {@link AuthModuleOptions}, checked and with every default filled in. */
export interface AuthConfig extends VerifierConfig {
  readonly realm: string;
  readonly lookupLimit: LookupLimit | undefined;
}

/** @throws AuthStartupError listing every option that is wrong, with its fix and never its value */
export function authConfig(options: AuthModuleOptions): AuthConfig {
  return {
    ...resolveConfig(options),
    realm: (options.realm ?? 'api').replaceAll(/["\\]/g, ''),
    lookupLimit: options.lookupLimit,
  };
}
