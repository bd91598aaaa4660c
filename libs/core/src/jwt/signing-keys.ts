import { importJWK, type CryptoKey, type JWK } from 'jose';
import type { Pool } from 'pg';

/** Keys are read again after this long, so that one deleted without the triggers installed stops counting too. */
const MAX_AGE_MS = 60_000;

/** An unknown `kid` reads the table at most this often, however many random ones arrive. */
const MIN_INTERVAL_MS = 1_000;

interface KeyRow {
  readonly id: string;
  readonly publicKey: string;
  readonly alg: string | null;
}

/** A verification key and the one algorithm it is for. */
export interface SigningKey {
  readonly key: CryptoKey | Uint8Array;
  readonly alg: string;
}

/**
 * The public keys of Better Auth's jwt plugin, straight from its `jwks` table; the `privateKey` column isn't
 * selected, and the API's role may not. An expired key stays valid for the plugin's grace period, by the
 * database's clock. A key that appears (rotation) is found on first use: requests with an unknown `kid` wait for
 * the next allowed read, so none is refused that should pass, and random kids cost one read a second.
 */
export class SigningKeys {
  #keys: ReadonlyMap<string, SigningKey> = new Map();
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    /** Quoted, with its schema. */
    private readonly table: string,
    private readonly gracePeriodSeconds: number,
    private readonly defaultAlg: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws the driver's error when the table can't be read */
  async find(kid: string): Promise<SigningKey | undefined> {
    const age = this.now() - this.#readAt;
    if (age < MAX_AGE_MS) {
      const key = this.#keys.get(kid);
      if (key) return key;
      if (age < MIN_INTERVAL_MS && !this.#reading) await this.#wait(MIN_INTERVAL_MS - age);
    }
    await this.#read();
    return this.#keys.get(kid);
  }

  /** Forgets every key; the next use reads them. */
  clear(): void {
    this.#keys = new Map();
    this.#readAt = -Infinity;
  }

  #waiting: Promise<void> | undefined;

  #wait(milliseconds: number): Promise<void> {
    this.#waiting ??= new Promise<void>((resolve) => {
      setTimeout(() => {
        this.#waiting = undefined;
        resolve();
      }, milliseconds).unref();
    });
    return this.#waiting;
  }

  #read(): Promise<void> {
    this.#reading ??= this.#query().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #query(): Promise<void> {
    const startedAt = this.now();
    const { rows } = await this.pool.query<KeyRow>({
      name: 'session-guard-signing-keys',
      text: `select id::text as id, "publicKey", alg from ${this.table}
             where "expiresAt" is null or "expiresAt" + make_interval(secs => $1) > now()`,
      values: [this.gracePeriodSeconds],
    });
    const keys = new Map<string, SigningKey>();
    for (const { id, publicKey, alg } of rows) {
      const algorithm = alg ?? this.defaultAlg;
      const key = await importKey(publicKey, algorithm);
      if (key) keys.set(id, { key, alg: algorithm });
    }
    this.#keys = keys;
    this.#readAt = startedAt;
  }
}

/** A key that can't be read (an algorithm of the future, a broken row) must not take the others with it. */
async function importKey(publicKey: string, algorithm: string): Promise<SigningKey['key'] | undefined> {
  try {
    return await importJWK(JSON.parse(publicKey) as JWK, algorithm);
  } catch {
    return undefined;
  }
}
