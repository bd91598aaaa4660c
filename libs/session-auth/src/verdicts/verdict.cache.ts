import { LRUCache } from 'lru-cache';
import type { CredentialKind, Identity } from '../auth.types.ts';
import type { Revocation } from '../revocation/revocation.payload.ts';
import { digest } from './digest.ts';
import { bytesOf, shareEqual, type Packed } from './packed.ts';
import { PendingLookups, type PendingLookup } from './pending.lookups.ts';

/** Spellings of one session kept at most (raw, signed, cookie, JWTs): nobody crowds others out by re-spelling their own. */
const CREDENTIALS_A_SESSION = 8;

/** A larger row, such as one with a megabyte of name, is never remembered: few of those would push everybody else out. */
const MAX_ENTRY_BYTES = 16_384;

/** An accepted credential. */
export interface Accepted {
  readonly identity: Identity;
  readonly credential: CredentialKind;
}

/** What a lookup found. */
export interface Found {
  readonly sessionId: string;
  readonly userId: string;
  readonly packed: Packed;
}

/** Makes an identity of what is remembered: objects of its own each time. */
export type Unpack = (packed: Packed) => Identity;

/** How much is remembered at most. */
export interface MemoryLimits {
  readonly maxCredentials: number;
  /** Bytes of heap, as {@link bytesOf} counts them. */
  readonly maxBytes: number;
}

interface Remembered {
  readonly packed: Packed;
  readonly credential: CredentialKind;
  /** On the monotonic clock: the verdict counts before this instant only. */
  readonly until: number;
  readonly sessionKey: string;
  readonly userKey: string;
}

/**
 * Remembers accepted verdicts only, by a digest of the whole credential: refusals aren't kept, so unknown tokens
 * take no room. Bounded by count and by bytes; the least recently used goes first.
 */
export class VerdictCache {
  readonly #verdicts: LRUCache<string, Remembered>;
  /** session → digests of its credentials, oldest first. One credential, the usual case, needs no array. */
  readonly #bySession = new Map<string, string | string[]>();
  /** user → its sessions. */
  readonly #byUser = new Map<string, string | Set<string>>();
  readonly #pending = new PendingLookups();

  constructor(
    { maxCredentials, maxBytes }: MemoryLimits,
    private readonly unpack: Unpack,
  ) {
    this.#verdicts = new LRUCache<string, Remembered>({
      max: maxCredentials,
      maxSize: maxBytes,
      // After evict and delete alike; an overwritten entry keeps its place in the indexes.
      dispose: (entry, key, reason) => {
        if (reason !== 'set') this.#unlink(key, entry);
      },
    });
  }

  get size(): number {
    return this.#verdicts.size;
  }

  /** Bytes of what is remembered, as {@link bytesOf} counts them. */
  get bytes(): number {
    return this.#verdicts.calculatedSize;
  }

  /** @param now on the monotonic clock, in milliseconds */
  get(credentialKey: string, now: number): Accepted | undefined {
    const entry = this.#verdicts.get(credentialKey);
    if (!entry) return undefined;
    if (now < entry.until) return { identity: this.unpack(entry.packed), credential: entry.credential };
    this.#verdicts.delete(credentialKey);
    return undefined;
  }

  /** Begins a lookup. Pass it to {@link commit}, or to {@link discard} when there is nothing to remember. */
  begin(): PendingLookup {
    return this.#pending.begin();
  }

  /** Ends a lookup without an answer worth keeping. */
  discard(lookup: PendingLookup): void {
    this.#pending.end(lookup);
  }

  /**
   * Ends a lookup and remembers its verdict, unless a revocation overtook it or its row is too large.
   *
   * @param until on the monotonic clock; never later than the session's end
   * @returns whether the verdict may be relied upon: false means that it must be looked up again
   */
  commit(
    lookup: PendingLookup,
    credentialKey: string,
    found: Found,
    credential: CredentialKind,
    until: number,
  ): boolean {
    const sessionKey = digest(found.sessionId);
    const userKey = digest(found.userId);
    const isStale = this.#pending.isStale(lookup, sessionKey, userKey);
    this.#pending.end(lookup);
    if (isStale) return false;
    const size = bytesOf(found.packed);
    if (size <= MAX_ENTRY_BYTES) {
      this.#makeRoom(credentialKey, sessionKey);
      const known = this.#anyOf(userKey);
      const packed = known ? shareEqual(found.packed, known.packed) : found.packed;
      this.#verdicts.set(credentialKey, { packed, credential, until, sessionKey, userKey }, { size });
      // Not kept where all there may be is less than this one.
      if (this.#verdicts.has(credentialKey)) this.#link(credentialKey, sessionKey, userKey);
    }
    return true;
  }

  /** Forgets what a revocation names, and marks the lookups it overtook. */
  revoke(revocation: Revocation): void {
    this.#pending.revoke(revocation);
    if (revocation.scope === 'all') this.#clear();
    else if (revocation.scope === 'session') this.#forgetSession(revocation.key);
    else this.#forgetUser(revocation.key);
  }

  /** A session with all its spellings loses the oldest for a new one, before anybody else's has to go. */
  #makeRoom(credentialKey: string, sessionKey: string): void {
    const credentials = this.#bySession.get(sessionKey);
    if (
      !Array.isArray(credentials) ||
      credentials.length < CREDENTIALS_A_SESSION ||
      credentials.includes(credentialKey)
    )
      return;
    const [oldest] = credentials;
    if (oldest !== undefined) this.#verdicts.delete(oldest);
  }

  /** What is remembered of a user by any of its credentials. */
  #anyOf(userKey: string): Remembered | undefined {
    const sessions = this.#byUser.get(userKey);
    const [session] = typeof sessions === 'string' ? [sessions] : (sessions ?? []);
    const credentials = session === undefined ? undefined : this.#bySession.get(session);
    const key = typeof credentials === 'string' ? credentials : credentials?.[0];
    return key === undefined ? undefined : this.#verdicts.peek(key);
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
