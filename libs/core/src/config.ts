import { sessionCookieName } from './credentials/session-cookie.ts';
import type { JwtExpectations } from './jwt/jwt.verifier.ts';
import type { MemoryLimits } from './memory/remembered.principals.ts';
import type { VerifierOptions } from './options.ts';
import { AuthStartupError } from './startup.error.ts';

const MIN_SECRET_LENGTH = 32;

/** What Better Auth falls back to, silently, outside production (`better-auth/dist/utils/constants.mjs`). */
const PUBLIC_SECRET = 'better-auth-secret-12345678901234567890';

const DAY_SECONDS = 86_400;

/** What a remembered session takes at most where nobody put more than usual into its row. */
const BYTES_A_CREDENTIAL = 1_024;

/** {@link VerifierOptions}, checked and with every default filled in. */
export interface VerifierConfig {
  /** Those that count, newest first. */
  readonly secrets: readonly string[];
  readonly cookieName: string;
  readonly trustedOrigins: ReadonlySet<string>;
  readonly bearer: 'any' | 'signed' | 'off';
  /** Null refuses JWTs. */
  readonly jwt: (JwtExpectations & { readonly gracePeriodSeconds: number }) | null;
  /** How much is remembered at most; null remembers nothing. */
  readonly memory: MemoryLimits | null;
}

/** @throws AuthStartupError listing every option that is wrong, with its fix and never its value */
export function resolveConfig(options: VerifierOptions): VerifierConfig {
  const problems: string[] = [];
  const origin = originOf(options.baseURL);
  if (!origin) problems.push("baseURL must be Better Auth's URL, e.g. https://app.example.com.");
  const secret = options.secrets ? options.secrets[0]?.value : options.secret;
  if (!secret) {
    problems.push('secret (or secrets) is missing: pass the BETTER_AUTH_SECRET of the auth server.');
  } else if (secret === PUBLIC_SECRET) {
    problems.push(
      "secret is Better Auth's public default: anybody can sign cookies with it. Generate one: openssl rand -base64 32",
    );
  } else if (secret.length < MIN_SECRET_LENGTH) {
    problems.push(`secret is shorter than ${MIN_SECRET_LENGTH} characters. Generate one: openssl rand -base64 32`);
  }
  for (const trusted of options.trustedOrigins ?? []) {
    if (originOf(trusted) !== trusted || trusted.includes('*')) {
      problems.push(
        'trustedOrigins: every entry must be an exact origin such as https://app.example.com, ' +
          'without a path or wildcard.',
      );
      break;
    }
  }
  const memory = memoryLimits(options.cache);
  for (const [name, limit] of Object.entries(memory ?? {})) {
    if (!Number.isSafeInteger(limit) || limit < 1)
      problems.push(`cache.${name} must be a whole number above 0; use cache: false for none.`);
  }
  if (problems.length > 0 || !secret || !origin) throw new AuthStartupError(problems);
  const { jwt } = options;
  return {
    secrets: [
      secret,
      ...(options.acceptOlderSecrets ? (options.secrets ?? []).slice(1).map(({ value }) => value) : []),
    ],
    cookieName: sessionCookieName(options),
    trustedOrigins: new Set([origin, ...(options.trustedOrigins ?? [])]),
    bearer: options.bearer ?? 'any',
    jwt:
      jwt === false
        ? null
        : {
            algorithms: jwt?.algorithms ?? ['EdDSA'],
            issuer: jwt?.issuer ?? origin,
            audience: jwt?.audience ?? origin,
            gracePeriodSeconds: jwt?.gracePeriod ?? 30 * DAY_SECONDS,
          },
    memory,
  };
}

function memoryLimits(cache: VerifierOptions['cache']): MemoryLimits | null {
  if (cache === false) return null;
  const maxCredentials = cache?.maxCredentials ?? 100_000;
  return { maxCredentials, maxBytes: cache?.maxBytes ?? maxCredentials * BYTES_A_CREDENTIAL };
}

function originOf(url: string): string | undefined {
  try {
    const { origin } = new URL(url);
    return origin === 'null' ? undefined : origin;
  } catch {
    return undefined;
  }
}
