import { createHmac } from 'node:crypto';

/** The one role every connection of the API uses: neither owner nor superuser nor BYPASSRLS. */
export const API_ROLE = 'session_guard_api';

/**
 * The role's password, derived from the secret so that nothing else has to be generated, stored or handed over.
 * Whoever holds the secret can already forge sessions, so the derivation gives nothing away.
 *
 * @param secret the first of Better Auth's secrets, at least 32 characters
 * @returns 43 characters of base64url
 */
export function apiRolePassword(secret: string): string {
  return createHmac('sha256', secret).update('session-guard/api-role').digest('base64url');
}

/**
 * The owner's connection string with the restricted role and its derived password in place of the owner's.
 *
 * @example apiDatabaseUrl('postgres://owner:x@localhost:5432/app', secret)
 *   // 'postgres://session_guard_api:…@localhost:5432/app'
 */
export function apiDatabaseUrl(ownerUrl: string, secret: string): string {
  const url = new URL(ownerUrl);
  url.username = API_ROLE;
  url.password = apiRolePassword(secret);
  return url.toString();
}
