import { digest } from '../memory/digest.ts';

/** The PostgreSQL channel the triggers notify. */
export const REVOCATION_CHANNEL = 'session_guard_revocation';

/** What a notification says must not be remembered any longer. */
export type Revocation =
  | { readonly scope: 'session' | 'user'; /** {@link digest} of the id. */ readonly key: string }
  | { readonly scope: 'all' };

/** Base64 of the 32 bytes of a SHA-256, and nothing else. */
const ONE = /^([su]):([A-Za-z0-9+/]{43}=)$/;

/**
 * Reads a payload of {@link installRevocation}'s triggers. What isn't understood revokes everything: every role of the
 * database may notify, and a forged notice can cost lookups, never hide a revocation.
 */
export function parseRevocation(payload: string): Revocation {
  const [, scope, digits = ''] = ONE.exec(payload) ?? [];
  if (scope === undefined) return { scope: 'all' };
  return { scope: scope === 's' ? 'session' : 'user', key: Buffer.from(digits, 'base64').toString('latin1') };
}

/** What a feed announces for the id of a session or user. */
export function revocationKey(id: string): string {
  return digest(id);
}

/** Whether a revocation may concern this session. */
export function concerns(revocation: Revocation, sessionId: string, userId: string): boolean {
  if (revocation.scope === 'all') return true;
  return revocation.key === revocationKey(revocation.scope === 'session' ? sessionId : userId);
}
