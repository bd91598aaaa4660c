import type { Pool } from 'pg';
import { resolveConfig, type VerifierConfig } from './config.ts';
import { jwtScheme, signedTokenScheme, tokenScheme } from './credentials/bearer.schemes.ts';
import { cookieScheme } from './credentials/cookie.scheme.ts';
import type { CredentialScheme } from './credentials/credential.scheme.ts';
import { JwtVerifier } from './jwt/jwt.verifier.ts';
import { SigningKeys } from './jwt/signing-keys.ts';
import type { Log } from './log.ts';
import { SessionRepository } from './lookup/session.repository.ts';
import { InProcessMemory } from './memory/in-process.memory.ts';
import { NO_MEMORY, type Memory } from './memory/memory.ts';
import type { VerifierOptions } from './options.ts';
import { MembershipRepository } from './organization/membership.repository.ts';
import { PostgresRevocationFeed } from './revocation/postgres.feed.ts';
import { NO_FEED, type RevocationFeed } from './revocation/revocation.feed.ts';
import type { AuthSchema } from './schema/auth.schema.ts';
import { SessionVerifier } from './session.verifier.ts';

/** Where the parts of one verifier come together, and what they have in common. */
export interface Composition {
  readonly verifier: SessionVerifier;
  readonly sessions: SessionRepository;
  readonly memberships: MembershipRepository;
  readonly feed: RevocationFeed;
  readonly memory: Memory;
}

/** What the house has. */
export interface HostApplication {
  /** On the database that Better Auth writes to; of the primary, for verdicts must not lag behind. */
  readonly pool: Pool;
  readonly schema: AuthSchema;
  readonly log: Log;
  /** Each lookup's statement as it is sent, without its values. */
  readonly logStatement?: (sql: string) => void;
}

/**
 * Puts a verifier together. Start its feed before the first request, and stop it after the last.
 *
 * @throws AuthStartupError listing every option that is wrong
 */
export function composeVerifier(
  options: VerifierOptions,
  { pool, schema, log, logStatement }: HostApplication,
): Composition {
  const config = resolveConfig(options);
  const { observer = {} } = options;
  const feed = feedOf(options, pool, schema, log);
  const memory =
    config.memory && feed !== NO_FEED
      ? new InProcessMemory(config.memory, feed, (count) => observer.remembered?.(count))
      : NO_MEMORY;
  const sessions = new SessionRepository(pool, schema, { observer, ...(logStatement && { logStatement }) });
  const schemes = credentialSchemes(config, options.schemes, jwtVerifierOf(config, pool, schema, feed));
  return {
    verifier: new SessionVerifier(schemes, sessions, memory, observer),
    sessions,
    memberships: new MembershipRepository(pool, schema.member),
    feed,
    memory,
  };
}

/**
 * The kinds of credentials in the order they are asked: what a client names on purpose comes before what a browser
 * attaches unasked.
 *
 * @param jwt null where there are no keys to verify JWTs by
 */
export function credentialSchemes(
  { secrets, bearer, cookieName, jwt: expectations }: Pick<VerifierConfig, 'secrets' | 'bearer' | 'cookieName' | 'jwt'>,
  further: readonly CredentialScheme[] = [],
  jwt: JwtVerifier | null = null,
): readonly CredentialScheme[] {
  return [
    tokenScheme(bearer === 'any'),
    signedTokenScheme(bearer !== 'off', secrets),
    jwtScheme(jwt, expectations !== null),
    ...further,
    cookieScheme(cookieName, secrets),
  ];
}

function feedOf(options: VerifierOptions, pool: Pool, schema: AuthSchema, log: Log): RevocationFeed {
  if (options.revocations) return options.revocations;
  if (!schema.announcesRevocations) return NO_FEED;
  const { listenUrl, observer } = options;
  return new PostgresRevocationFeed(listenUrl ? { connectionString: listenUrl } : pool.options, log, observer);
}

function jwtVerifierOf(
  { jwt }: VerifierConfig,
  pool: Pool,
  { signingKeys }: AuthSchema,
  feed: RevocationFeed,
): JwtVerifier | null {
  if (!jwt || signingKeys === null) return null;
  const keys = new SigningKeys(pool, signingKeys, jwt.gracePeriodSeconds, jwt.algorithms[0] ?? 'EdDSA');
  feed.subscribe(({ scope }) => {
    if (scope === 'all') keys.clear();
  });
  return new JwtVerifier(keys, jwt);
}
