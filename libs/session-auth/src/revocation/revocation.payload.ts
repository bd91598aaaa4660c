import { digest } from '../verdicts/digest.ts';

/** The PostgreSQL channel the triggers notify. */
export const REVOCATION_CHANNEL = 'session_guard_revocation';

/** What a notification says must not be remembered any longer. */
export type Revocation =
  | { readonly scope: 'session' | 'user'; /** {@link digest} of the id. */ readonly key: string }
  | { readonly scope: 'all' };

/** Reads a payload of {@link installRevocation}'s triggers. What isn't understood revokes everything. */
export function parseRevocation(payload: string): Revocation {
  const key = Buffer.from(payload.slice(2), 'base64').toString('latin1');
  if (payload.startsWith('s:') && key) return { scope: 'session', key };
  if (payload.startsWith('u:') && key) return { scope: 'user', key };
  return { scope: 'all' };
}

/** Whether a revocation may concern this session. */
export function concerns(revocation: Revocation, sessionId: string, userId: string): boolean {
  if (revocation.scope === 'all') return true;
  return revocation.key === digest(revocation.scope === 'session' ? sessionId : userId);
}
