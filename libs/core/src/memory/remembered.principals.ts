import { LRUCache } from 'lru-cache';
import type { Resolved, StoredPrincipal } from '../principal.ts';

/** Spellings of one session kept at most (raw, signed, cookie, JWTs): re-spelling one's own crowds nobody out. */
const CREDENTIALS_EACH = 8;

/** A larger row, such as one with a megabyte of name, is never remembered: a few would push everybody else out. */
const MAX_ENTRY_BYTES = 16_384;

/** How much is remembered at most. */
export interface MemoryLimits {
  readonly maxCredentials: number;
  /** Bytes of heap, roughly. */
  readonly maxBytes: number;
}

interface Entry {
  readonly principal: StoredPrincipal;
  /** On the monotonic clock: the verdict counts before this instant only. */
  readonly until: number;
  readonly endedBy: Resolved['endedBy'];
}

/**
 * Accepted credentials by a digest of each, and by what ends them. Bounded by count and by bytes; the least recently
 * used goes first.
 */
export class RememberedPrincipals {
  readonly #entries: LRUCache<string, Entry>;
  /** What ends credentials → their keys, oldest first. One, the usual case, needs no set. */
  readonly #byEnd = new Map<string, string | Set<string>>();

  constructor({ maxCredentials, maxBytes }: MemoryLimits) {
    this.#entries = new LRUCache<string, Entry>({
      max: maxCredentials,
      maxSize: maxBytes,
      // After evict and delete alike; an overwritten entry keeps its place in the index.
      dispose: (entry, key, reason) => {
        if (reason !== 'set') this.#unlink(key, entry);
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of what is remembered, roughly. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  /** @param now on the monotonic clock, in milliseconds */
  get(key: string, now: number): StoredPrincipal | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    if (now < entry.until) return entry.principal;
    this.#entries.delete(key);
    return null;
  }

  /** @param until on the monotonic clock; never later than the session's end */
  set(key: string, { principal, endedBy }: Resolved, until: number): void {
    const size = principal.bytes;
    if (size > MAX_ENTRY_BYTES) return;
    this.#makeRoom(key, endedBy[0]);
    const known = this.#anyOf(endedBy.at(-1) ?? endedBy[0]);
    const kept = known ? principal.sharing(known) : principal;
    this.#entries.set(key, { principal: kept, until, endedBy }, { size });
    // Not kept where all there may be is less than this one.
    if (this.#entries.has(key)) for (const end of endedBy) this.#link(key, end);
  }

  /** Forgets every credential that this ends. */
  forget(end: string): void {
    for (const key of this.#keysOf(end)) this.#entries.delete(key);
  }

  clear(): void {
    // The index first, so that disposing of each entry finds nothing to do.
    this.#byEnd.clear();
    this.#entries.clear();
  }

  /** A session with all its spellings loses the oldest for a new one, before anybody else's has to go. */
  #makeRoom(key: string, end: string): void {
    const keys = this.#keysOf(end);
    const [oldest] = keys;
    if (oldest !== undefined && keys.length >= CREDENTIALS_EACH && !keys.includes(key)) this.#entries.delete(oldest);
  }

  /** What is remembered of a user by any of its credentials. */
  #anyOf(end: string): StoredPrincipal | undefined {
    const keys = this.#byEnd.get(end);
    const [key] = typeof keys === 'string' ? [keys] : (keys ?? []);
    return key === undefined ? undefined : this.#entries.peek(key)?.principal;
  }

  #keysOf(end: string): string[] {
    const keys = this.#byEnd.get(end);
    if (keys === undefined) return [];
    return typeof keys === 'string' ? [keys] : [...keys];
  }

  #link(key: string, end: string): void {
    const keys = this.#byEnd.get(end);
    if (keys === undefined) this.#byEnd.set(end, key);
    else if (typeof keys !== 'string') keys.add(key);
    else if (keys !== key) this.#byEnd.set(end, new Set([keys, key]));
  }

  #unlink(key: string, { endedBy }: Entry): void {
    for (const end of endedBy) {
      const keys = this.#byEnd.get(end);
      if (keys instanceof Set) keys.delete(key);
      if (!(keys instanceof Set) || keys.size === 0) this.#byEnd.delete(end);
    }
  }
}
