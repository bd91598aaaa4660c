/** A line that takes a cookie of the session away. */
const REMOVAL = /^[^=]*\.(?:session_token|session_data|dont_remember)=;/;

/**
 * Lets a question take no session cookie away. Better Auth removes the cookie of a session that it doesn't find; but
 * the question may be older than the cookie that the browser has by now, when a changed password or a second step has
 * replaced the session meanwhile. What ends sessions on purpose is a POST.
 *
 * @param headers of the answer; changed in place
 */
export function keepSessionCookies(method: string, headers: Headers): void {
  if (method !== 'GET') return;
  const lines = headers.getSetCookie();
  headers.delete('set-cookie');
  for (const line of lines) if (!REMOVAL.test(line)) headers.append('set-cookie', line);
}
