import 'server-only';
import type { Provider } from '../../features/auth/provider.ts';
import { env } from '../env.ts';

/** The providers that are configured, in the order their buttons are shown. */
export function configuredProviders(): Provider[] {
  const { github, google, oidc } = env();
  return [
    ...(github ? [{ id: 'github', label: 'Continue with GitHub' } as const] : []),
    ...(google ? [{ id: 'google', label: 'Continue with Google' } as const] : []),
    ...(oidc ? [{ id: 'oidc', label: 'Continue with single sign-on' } as const] : []),
  ];
}
