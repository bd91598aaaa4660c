import { LRUCache } from 'lru-cache';
import type { CredentialKind, Identity } from '../auth.types.ts';
import type { Revocation } from '../revocation/revocation.payload.ts';
import { digest } from './digest.ts';

/** Spellings of one session kept at most (raw, signed, cookie, JWTs): nobody crowds others out by re-spelling their own. */
const CREDENTIALS_A_SESSION = 8;

/** An accepted credential. */
export interface Accepted {
  readonly identity: Identity;
  readonly credential: CredentialKind;
}

/** Makes identities small for memory, and whole again. */
export interface IdentityPacker {
  pack(identity: Identity): readonly unknown[];
  unpack(packed: readonly unknown[]): Identity;
}

interface Remembered {
  readonly packed: readonly unknown[];
  readonly credential: CredentialKind;
  /** On the monotonic clock: the verdict counts before this instant only. */
  readonly until: number;
  readonly sessionKey: string;
  readonly userKey: string;
}

/** A lookup under way. It collects what is revoked meanwhile, since its answer may be older than the revocation. */
export class Flight {
  readonly #revoked = new Set<string>();
  #all = false;

  add(revocation: Revocation): void {
    if (revocation.scope === 'all') this.#all = true;
    else this.#revoked.add(revocation.key);
  }

  overtaken(sessionKey: string, userKey: string): boolean {
    return this.#all || this.#revoked.has(sessionKey) || this.#revoked.has(userKey);
  }
}

/**
 * Remembers accepted verdicts only, by a digest of the whole credential: refusals aren't kept, so unknown tokens
 * take no room. Bounded by count; the least recently used goes first.
 */
export class VerdictCache {
  readonly #verdicts: LRUCache<string, Remembered>;
  /** session → digests of its credentials, oldest first. One credential, the usual case, needs no array. */
  readonly #bySession = new Map<string, string | string[]>();
  /** user → its sessions. */
  readonly #byUser = new Map<string, string | Set<string>>();
  readonly #flights = new Set<Flight>();

  constructor(
    maxCredentials: number,
    private readonly packer: IdentityPacker,
  ) {
    this.#verdicts = new LRUCache<string, Remembered>({
      max: maxCredentials,
      // After evict and delete alike; an overwritten entry keeps its place in the indexes.
      dispose: (entry, key, reason) => {
        if (reason !== 'set') this.#unlink(key, entry);
      },
    });
  }

  get size(): number {
    return this.#verdicts.size;
  }

  /** @param now on the monotonic clock, in milliseconds */
  get(credentialKey: string, now: number): Accepted | undefined {
    const entry = this.#verdicts.get(credentialKey);
    if (!entry) return undefined;
    if (now < entry.until) return { identity: this.packer.unpack(entry.packed), credential: entry.credential };
    this.#verdicts.delete(credentialKey);
    return undefined;
  }

  /** Begins a lookup. Pass the flight to {@link land}, also when the lookup failed. */
  takeOff(): Flight {
    const flight = new Flight();
    this.#flights.add(flight);
    return flight;
  }

  /** Ends a lookup without an answer worth keeping. */
  abandon(flight: Flight): void {
    this.#flights.delete(flight);
  }

  /**
   * Ends a lookup and remembers its verdict, unless a revocation overtook it.
   *
   * @param until on the monotonic clock; never later than the session's end
   * @returns whether the verdict may be relied upon: false means that it must be looked up again
   */
  land(flight: Flight, credentialKey: string, { identity, credential }: Accepted, until: number): boolean {
    this.#flights.delete(flight);
    const sessionKey = digest(identity.session.id);
    const userKey = digest(identity.user.id);
    if (flight.overtaken(sessionKey, userKey)) return false;
    this.#verdicts.set(credentialKey, { packed: this.packer.pack(identity), credential, until, sessionKey, userKey });
    this.#link(credentialKey, sessionKey, userKey);
    return true;
  }

  /** Forgets what a revocation names, and marks the lookups it overtook. */
  revoke(revocation: Revocation): void {
    for (const flight of this.#flights) flight.add(revocation);
    if (revocation.scope === 'all') this.#clear();
    else if (revocation.scope === 'session') this.#forgetSession(revocation.key);
    else this.#forgetUser(revocation.key);
  }

  #clear(): void {
    // The indexes first, so that disposing of each entry finds nothing to do.
    this.#bySession.clear();
    this.#byUser.clear();
    this.#verdicts.clear();
  }

  #forgetSession(sessionKey: string): void {
    const credentials = this.#bySession.get(sessionKey);
    if (credentials === undefined) return;
    for (const key of typeof credentials === 'string' ? [credentials] : [...credentials]) this.#verdicts.delete(key);
  }

  #forgetUser(userKey: string): void {
    const sessions = this.#byUser.get(userKey);
    if (sessions === undefined) return;
    for (const key of typeof sessions === 'string' ? [sessions] : [...sessions]) this.#forgetSession(key);
  }

  #link(credentialKey: string, sessionKey: string, userKey: string): void {
    const credentials = this.#bySession.get(sessionKey);
    if (credentials === undefined) {
      this.#bySession.set(sessionKey, credentialKey);
    } else if (typeof credentials === 'string') {
      if (credentials !== credentialKey) this.#bySession.set(sessionKey, [credentials, credentialKey]);
    } else if (!credentials.includes(credentialKey)) {
      credentials.push(credentialKey);
      const oldest = credentials.length > CREDENTIALS_A_SESSION ? credentials[0] : undefined;
      if (oldest !== undefined) this.#verdicts.delete(oldest);
    }
    const sessions = this.#byUser.get(userKey);
    if (sessions === undefined) this.#byUser.set(userKey, sessionKey);
    else if (typeof sessions !== 'string') sessions.add(sessionKey);
    else if (sessions !== sessionKey) this.#byUser.set(userKey, new Set([sessions, sessionKey]));
  }

  #unlink(credentialKey: string, { sessionKey, userKey }: Remembered): void {
    const credentials = this.#bySession.get(sessionKey);
    const left = typeof credentials === 'string' ? [] : (credentials ?? []).filter((key) => key !== credentialKey);
    if (left.length > 0) {
      this.#bySession.set(sessionKey, left);
      return;
    }
    this.#bySession.delete(sessionKey);
    const sessions = this.#byUser.get(userKey);
    if (sessions instanceof Set) sessions.delete(sessionKey);
    if (!(sessions instanceof Set) || sessions.size === 0) this.#byUser.delete(userKey);
  }
}
