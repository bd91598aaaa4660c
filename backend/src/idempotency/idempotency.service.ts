import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectOwnedRepository, Isolation, OwnedRepository } from '@session-guard/isolation';
import { sqlState } from '../http/database-unavailable.ts';
import { ProblemException, validationProblem } from '../http/problem.exception.ts';
import { IdempotencyKeyEntity } from './idempotency-key.entity.ts';

/** What a request is answered with, apart from its status. */
export interface Answer<Body> {
  readonly body: Body;
  readonly headers: Readonly<Record<string, string>>;
}

const KEY = /^[\x21-\x7E]{1,255}$/;
const KEPT = '24 hours';
/** Milliseconds a copy waits for the one in flight; below the statement's own limit, so that it learns why. */
const WAIT_MS = 1_500;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Answers a request with an `Idempotency-Key` once, and its copies with the same answer for 24 hours.
 *
 * The key's row and the work share one transaction: either both are there or neither, so nothing needs cleaning up
 * after a crash. Copies in flight wait at the row's unique index, on every instance of the API. Only successes are
 * kept: a refused request may be corrected and sent again with its key.
 */
@Injectable()
export class IdempotencyService {
  constructor(
    @InjectOwnedRepository(IdempotencyKeyEntity) private readonly keys: OwnedRepository<IdempotencyKeyEntity>,
    @Inject(Isolation) private readonly isolation: Isolation,
  ) {}

  /**
   * @param key The `Idempotency-Key` header; without one the work is simply done.
   * @param request What identifies the request: its route and body.
   * @throws {ProblemException} 422 when the key was used with another request, 409 when its first copy takes too long
   */
  async once<Body extends object>(key: string | undefined, request: readonly unknown[], work: () => Promise<Answer<Body>>): Promise<Answer<Body>> {
    if (key === undefined) return work();
    if (!KEY.test(key)) {
      throw validationProblem([{ pointer: '/headers/idempotency-key', message: 'must be 1 to 255 visible ASCII characters' }]);
    }
    const fingerprint = createHash('sha256').update(canonicalJson(request)).digest('base64url');
    return this.isolation.transaction(async (manager) => {
      await manager.query(`set local lock_timeout = ${WAIT_MS}`);
      await this.keys.createQueryBuilder('entry').delete().where(`created_at < now() - interval '${KEPT}'`).execute();
      if (!(await this.#claim(key, fingerprint))) return this.#replay<Body>(key, fingerprint);
      const answer = await work();
      const stored = { headers: { ...answer.headers }, body: JSON.stringify(answer.body) };
      await this.keys.createQueryBuilder('entry').update().set(stored).where('key = :key', { key }).execute();
      return answer;
    });
  }

  /** Whether the key is ours to answer; waits while another copy is at it. */
  async #claim(key: string, fingerprint: string): Promise<boolean> {
    try {
      const result = await this.keys.createQueryBuilder('entry').insert().values({ key, fingerprint }).orIgnore().returning('key').execute();
      return Array.isArray(result.raw) && result.raw.length > 0;
    } catch (error) {
      if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
      throw new ProblemException(409, {
        code: 'idempotency_in_flight',
        detail: 'A request with this Idempotency-Key is still being processed.',
        headers: { 'retry-after': '1' },
      });
    }
  }

  async #replay<Body extends object>(key: string, fingerprint: string): Promise<Answer<Body>> {
    const entry = await this.keys.createQueryBuilder('entry').where('entry.key = :key', { key }).getOneOrFail();
    if (entry.fingerprint !== fingerprint) {
      throw new ProblemException(422, {
        code: 'idempotency_key_reused',
        detail: 'This Idempotency-Key was used with another request: use a new key for a new request.',
      });
    }
    return { headers: entry.headers ?? {}, body: JSON.parse(entry.body ?? 'null') as Body };
  }
}

/** JSON with sorted keys: the order of properties makes no other request. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
