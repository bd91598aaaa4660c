import type { AuthConfig } from './auth.config.ts';
import type { AuthObserver } from './auth.observer.ts';
import type { CredentialKind, Identity, RefusalReason } from './auth.types.ts';
import type { Credential } from './credentials/credential.ts';
import { classify, findCredential, type SentCredential } from './credentials/credential.reader.ts';
import { decodeOnce, openSignedToken } from './credentials/signed-token.ts';
import type { JwtVerifier } from './jwt/jwt.verifier.ts';
import { LIFE_MS, type RevocationChannel } from './revocation/revocation.channel.ts';
import type { SessionRecord, SessionRepository } from './session.repository.ts';
import { digest } from './verdicts/digest.ts';
import type { Found, VerdictCache } from './verdicts/verdict.cache.ts';

/** A credential that proves somebody. */
export interface AcceptedVerdict {
  readonly identity: Identity;
  readonly credential: CredentialKind;
}

/** A credential that proves nobody. */
interface Refusal {
  readonly refused: RefusalReason;
  readonly credential: CredentialKind | undefined;
}

/** What is known of a request's credential. */
export type Verdict = AcceptedVerdict | Refusal;

/** Memory, and the channel that says whether it may be trusted. */
export interface VerdictMemory {
  readonly cache: VerdictCache;
  readonly channel: Pick<RevocationChannel, 'isAlive'>;
}

/** Where sessions are looked up. */
type Sessions = Pick<SessionRepository, 'findByToken' | 'findById' | 'unpack'>;

/** What a lookup found out: a verdict before each request gets an identity of its own. */
type Judgement = (Found & { readonly credential: CredentialKind }) | Refusal;

interface Lookup {
  readonly startedAt: number;
  readonly judgement: Promise<Judgement>;
}

/** Lookups of one request when revocations keep overtaking it; the last one's answer counts, unremembered. */
const MAX_LOOKUPS = 3;

/**
 * Judges credentials: from memory when the revocation channel is proven alive, otherwise by one statement. It
 * never extends and never deletes a session: that is Better Auth's business.
 */
export class SessionVerifier {
  readonly #lookups = new Map<string, Lookup>();

  /**
   * @param jwt undefined refuses JWTs
   * @param memory undefined asks the database for every request
   */
  constructor(
    private readonly config: AuthConfig,
    private readonly repository: Sessions,
    private readonly jwt: Pick<JwtVerifier, 'verify'> | undefined,
    private readonly memory: VerdictMemory | undefined,
    private readonly observer: AuthObserver | undefined,
  ) {}

  /**
   * @param headers lower-case names, as Node gives them
   * @returns the verdict at once when it is remembered or needs no look, otherwise a promise of it
   * @throws the driver's error (through the promise) when the database can't answer
   *
   * @example
   * const verdict = await verifier.verify(request.headers);
   * if ('identity' in verdict) console.log(verdict.identity.user.id);
   */
  verify(headers: Readonly<Record<string, string | string[] | undefined>>): Verdict | Promise<Verdict> {
    const sent = findCredential(headers, this.config.cookieName);
    if ('refused' in sent) return this.#refuse(sent.refused, undefined);
    const { memory } = this;
    if (!memory) return this.#verdictOf(this.#judge(sent));
    const key = keyOf(sent);
    const now = performance.now();
    return this.#remembered(key, memory, now) ?? this.#verdictOf(this.#lookUp(key, sent, memory, now));
  }

  /**
   * What is known without a lookup: a remembered credential, or one that is missing.
   *
   * @returns undefined where {@link verify} would ask
   */
  recall(headers: Readonly<Record<string, string | string[] | undefined>>): Verdict | undefined {
    const sent = findCredential(headers, this.config.cookieName);
    if ('refused' in sent) return this.#refuse(sent.refused, undefined);
    return this.memory && this.#remembered(keyOf(sent), this.memory, performance.now());
  }

  #remembered(key: string, { channel, cache }: VerdictMemory, now: number): AcceptedVerdict | undefined {
    const verdict = channel.isAlive(now) ? cache.get(key, now) : undefined;
    if (verdict) this.observer?.verdict?.('accepted', 'memory', verdict.credential);
    return verdict;
  }

  /** Each request's own: what one handler does to a date or a custom field of it, no other request sees. */
  async #verdictOf(pending: Promise<Judgement>): Promise<Verdict> {
    const judgement = await pending;
    if ('refused' in judgement) return judgement;
    return { identity: this.repository.unpack(judgement.packed), credential: judgement.credential };
  }

  /** Concurrent misses share one lookup, unless it is so old that it may miss a revocation past the bound. */
  #lookUp(key: string, sent: SentCredential, memory: VerdictMemory, now: number): Promise<Judgement> {
    const running = this.#lookups.get(key);
    if (running && now - running.startedAt < LIFE_MS) return running.judgement;
    const judgement = this.#judge(sent, { key, memory }).finally(() => {
      if (this.#lookups.get(key)?.judgement === judgement) this.#lookups.delete(key);
    });
    this.#lookups.set(key, { startedAt: now, judgement });
    return judgement;
  }

  async #judge(sent: SentCredential, remember?: { key: string; memory: VerdictMemory }): Promise<Judgement> {
    const credential = classify(sent);
    if ('refused' in credential) return this.#refuse(credential.refused, undefined);
    const { kind } = credential;
    for (let attempt = 1; ; attempt++) {
      const lookup = remember?.memory.cache.begin();
      const startedAt = performance.now();
      let found: SessionRecord | { readonly refused: RefusalReason };
      try {
        found = await this.#find(credential);
      } catch (error) {
        if (lookup) remember?.memory.cache.discard(lookup);
        this.observer?.verdict?.('unavailable', 'database', kind);
        throw error;
      }
      if ('refused' in found) {
        if (lookup) remember?.memory.cache.discard(lookup);
        return this.#refuse(found.refused, kind);
      }
      const until = startedAt + found.ttl;
      const isReliable = !lookup || remember?.memory.cache.commit(lookup, remember.key, found, kind, until);
      if (isReliable || attempt === MAX_LOOKUPS) {
        this.observer?.remembered?.(remember?.memory.cache.size ?? 0);
        this.observer?.verdict?.('accepted', 'database', kind);
        return { ...found, credential: kind };
      }
    }
  }

  async #find({ kind, value }: Credential): Promise<SessionRecord | { readonly refused: RefusalReason }> {
    switch (kind) {
      case 'token':
        return this.config.bearer === 'any'
          ? this.#query(() => this.repository.findByToken(value))
          : { refused: 'not_accepted' };
      case 'signed_token':
        return this.config.bearer === 'off' ? { refused: 'not_accepted' } : this.#findSigned(decodeOnce(value));
      case 'cookie':
        return this.#findSigned(value);
      case 'jwt':
        return this.#findByJwt(value);
    }
  }

  #findSigned(value: string): Promise<SessionRecord> | { readonly refused: RefusalReason } {
    const { secret, olderSecrets } = this.config;
    let token = openSignedToken(value, secret);
    for (const older of olderSecrets) token ??= openSignedToken(value, older);
    return token === undefined ? { refused: 'bad_signature' } : this.#query(() => this.repository.findByToken(token));
  }

  async #findByJwt(value: string): Promise<SessionRecord | { readonly refused: RefusalReason }> {
    if (!this.jwt) return { refused: 'not_accepted' };
    const claims = await this.jwt.verify(value);
    if ('refused' in claims) return claims;
    const found = await this.#query(() => this.repository.findById(claims.sid));
    if ('refused' in found) return found;
    if (found.userId !== claims.sub) return { refused: 'jwt_wrong_user' };
    return { ...found, ttl: Math.min(found.ttl, claims.ttl) };
  }

  async #query(find: () => Promise<SessionRecord>): Promise<SessionRecord> {
    if (!this.observer?.lookup) return find();
    const startedAt = performance.now();
    const found = await find();
    this.observer.lookup(performance.now() - startedAt);
    return found;
  }

  #refuse(refused: RefusalReason, credential: CredentialKind | undefined): Refusal {
    this.observer?.verdict?.(refused, credential ? 'database' : 'none', credential);
    return { refused, credential };
  }
}

/** By the whole credential as it was sent, so that what is remembered needs no parsing again. */
function keyOf({ source, text }: SentCredential): string {
  return digest(source + text);
}
