import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { InjectOwnedRepository, Isolation, OwnedRepository } from '@session-guard/isolation';
import { ProblemException, validationProblem } from '../http/errors/problem.exception.ts';
import { KEPT_HOURS, KEY_MAX_LENGTH, KEY_PATTERN } from './idempotency-key.ts';
import { IdempotencyKeyEntity } from './idempotency-key.entity.ts';

/** What a request is answered with, apart from its status. */
export interface Answer<Body> {
  /** JSON, or undefined for an answer without a body. */
  readonly body: Body;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

type Work<Body> = () => Promise<Answer<Body>>;

const KEY = new RegExp(KEY_PATTERN);
/** Milliseconds a copy waits for the one in flight, and between two looks at it. */
const WAIT_MS = 1_500;
const LOOK_EVERY_MS = 100;

/**
 * Takes the key: a new one, one whose answer is older than a day, or one whose request never ended because its process
 * died. Removes what else is older than a day. One statement, so that no connection is held while the work is done.
 */
const CLAIM = `
  with old as (delete from idempotency_key where created_at < now() - interval '${KEPT_HOURS} hours' and key <> $1)
  insert into idempotency_key as entry (key, fingerprint, claim) values ($1, $2, $3)
  on conflict (user_id, key) do update
    set fingerprint = excluded.fingerprint, claim = excluded.claim, headers = null, body = null, created_at = now()
    where entry.created_at
      < now() - case when entry.body is null then interval '1 minute' else interval '${KEPT_HOURS} hours' end
  returning key`;

/**
 * Answers a request with an `Idempotency-Key` once, and its copies with the same answer for a day. Handlers use it by
 * `@Idempotent()`.
 *
 * The key is taken before the work and given its answer after it; in between no connection is held. A copy that comes
 * meanwhile waits a moment, then gets 409. Only successes are kept: a refused request may be corrected and sent again
 * with its key. A process that dies leaves its keys taken; they are free again after a minute, which is also how long
 * the work may take.
 */
@Injectable()
export class IdempotencyService {
  constructor(
    @InjectOwnedRepository(IdempotencyKeyEntity) private readonly keys: OwnedRepository<IdempotencyKeyEntity>,
    @Inject(Isolation) private readonly isolation: Isolation,
  ) {}

  /**
   * For work that also waits for something else than this database: another service, a mail, a payment.
   *
   * A crash between the work and its answer lets the next copy do the work again, so hand the key on to services that
   * take one.
   *
   * @param key The `Idempotency-Key` header; without one the work is simply done.
   * @param request What identifies the request: its route and body.
   * @throws {ProblemException} 422 when the key was used with another request, 409 when its first copy takes too long
   * @example await this.idempotency.once(key, ['createPayment', body], () => this.payments.create(body, key));
   */
  once<Body>(key: string | undefined, request: readonly unknown[], work: Work<Body>): Promise<Answer<Body>> {
    return this.#once(key, request, work, async (claim) => {
      const answer = await work();
      await this.#settle(claim, answer);
      return answer;
    });
  }

  /**
   * As {@link once}, for work that only writes to this database: its rows and the answer are committed together, so
   * that it is done exactly once, whatever crashes. Nothing else may be waited for in it: it holds a connection.
   *
   * @example await this.idempotency.onceInTransaction(key, ['createTask', body], () => this.tasks.create(body));
   */
  onceInTransaction<Body>(
    key: string | undefined,
    request: readonly unknown[],
    work: Work<Body>,
  ): Promise<Answer<Body>> {
    return this.#once(key, request, work, (claim) =>
      this.isolation.transaction(async () => {
        const answer = await work();
        // Somebody else took the key over after its minute: their answer counts, and these rows are rolled back.
        if (!(await this.#settle(claim, answer))) throw inFlight();
        return answer;
      }),
    );
  }

  async #once<Body>(
    key: string | undefined,
    request: readonly unknown[],
    work: Work<Body>,
    run: (claim: Claim) => Promise<Answer<Body>>,
  ): Promise<Answer<Body>> {
    if (key === undefined) return work();
    if (!KEY.test(key)) {
      throw validationProblem([
        { pointer: '/headers/idempotency-key', message: `must be 1 to ${KEY_MAX_LENGTH} visible ASCII characters` },
      ]);
    }
    const claim = { key, claim: randomUUID() };
    const kept = await this.#take<Body>(claim, createHash('sha256').update(canonicalJson(request)).digest('base64url'));
    if (kept !== undefined) return kept;
    try {
      return await run(claim);
    } catch (error) {
      // Where the database is away too, the key is free again after its minute.
      await this.#giveBack(claim).catch(() => undefined);
      throw error;
    }
  }

  /** @returns the answer that is kept; undefined when the key is ours now */
  async #take<Body>({ key, claim }: Claim, fingerprint: string): Promise<Answer<Body> | undefined> {
    for (const until = performance.now() + WAIT_MS; ; await sleep(LOOK_EVERY_MS)) {
      const taken: unknown = await this.keys.query(CLAIM, [key, fingerprint, claim]);
      if (Array.isArray(taken) && taken.length > 0) return undefined;
      const entry = await this.keys.createQueryBuilder('entry').where('entry.key = :key', { key }).getOne();
      if (entry !== null && entry.fingerprint !== fingerprint) throw reused();
      if (entry !== null && entry.body !== null)
        return { headers: entry.headers ?? {}, body: (JSON.parse(entry.body) ?? undefined) as Body };
      if (performance.now() > until) throw inFlight();
    }
  }

  /** @returns false when the key is not ours any more */
  async #settle(claim: Claim, { headers, body }: Answer<unknown>): Promise<boolean> {
    const stored = { headers: { ...headers }, body: JSON.stringify(body ?? null) };
    const { affected } = await this.keys
      .createQueryBuilder('entry')
      .update()
      .set(stored)
      .where('key = :key and claim = :claim', claim)
      .execute();
    return affected === 1;
  }

  async #giveBack(claim: Claim): Promise<void> {
    await this.keys
      .createQueryBuilder('entry')
      .delete()
      .where('key = :key and claim = :claim and body is null', claim)
      .execute();
  }
}

/** A key, and who holds it. */
interface Claim {
  readonly key: string;
  readonly claim: string;
}

function inFlight(): ProblemException {
  return new ProblemException(409, {
    code: 'idempotency_in_flight',
    detail: 'A request with this Idempotency-Key is still being processed.',
    headers: { 'retry-after': '1' },
  });
}

function reused(): ProblemException {
  return new ProblemException(422, {
    code: 'idempotency_key_reused',
    detail: 'This Idempotency-Key was used with another request: use a new key for a new request.',
  });
}

/** JSON with sorted keys: the order of properties makes no other request. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
