import type { Exchange } from './http.ts';

/** The time of a fault, on the monotonic clock; it lasts while `backAt` is undefined. */
export interface FaultWindow {
  brokenAt: number;
  /** The database accepts work again (or the restarted API has begun). */
  backAt?: number;
  /** What is broken; see `Fault.breaks`. */
  readonly breaks: 'database' | 'api' | 'drained';
}

/** Milliseconds after the database is back in which requests may still be refused. */
export const RECOVERY_MS = 3_000;
/** Milliseconds any answer may take, a refusal included. */
export const ANSWER_MS = 5_000;

/** The counts of one scenario's answers. */
export interface Tally {
  requests: number;
  served: number;
  /** 401 of a session that was revoked. */
  refused: number;
  /** 503, as a well-formed problem with `Retry-After`. */
  unavailable: number;
  /** No connection, while the API itself was ended. */
  unreachable: number;
  slowestMs: number;
  /** Milliseconds from the database's return to the last request that was not served. */
  recoveryMs: number;
  /** Every violation, as a sentence. */
  wrong: string[];
}

/** Checks every exchange of one scenario against the answers that are allowed. */
export class ResponseChecker {
  readonly tally: Tally = {
    requests: 0,
    served: 0,
    refused: 0,
    unavailable: 0,
    unreachable: 0,
    slowestMs: 0,
    recoveryMs: 0,
    wrong: [],
  };
  window: FaultWindow | undefined;

  /**
   * @param session a `revoked` one may be answered 401, and must be once the bound has passed
   * @returns whether the request was served
   */
  check(exchange: Exchange, session: 'live' | 'revoked' = 'live'): boolean {
    const { tally } = this;
    const took = exchange.endedAt - exchange.sentAt;
    tally.requests += 1;
    tally.slowestMs = Math.max(tally.slowestMs, took);
    if (took > ANSWER_MS) this.wrong(exchange, `took ${Math.round(took)} ms`);
    if (exchange.status >= 200 && exchange.status < 300) {
      tally.served += 1;
      return true;
    }
    if (exchange.status === 401 && session === 'revoked') {
      tally.refused += 1;
      return false;
    }
    if (exchange.status === 503) this.#unavailable(exchange);
    else if (exchange.status === 0) this.#unreachable(exchange);
    else this.wrong(exchange, `${exchange.status} for a ${session} session: ${exchange.text.slice(0, 120)}`);
    return false;
  }

  wrong(exchange: Pick<Exchange, 'method' | 'path'>, what: string): void {
    this.tally.wrong.push(`${exchange.method} ${exchange.path}: ${what}`);
  }

  #unavailable(exchange: Exchange): void {
    const after = Number(exchange.headers['retry-after']);
    const isProblem = exchange.headers['content-type']?.startsWith('application/problem+json') === true;
    if (!isProblem || !Number.isInteger(after) || after < 1)
      this.wrong(exchange, '503 that is no problem with Retry-After');
    else this.tally.unavailable += 1;
    this.#late(exchange, '503');
  }

  #unreachable(exchange: Exchange): void {
    const { window } = this;
    const allowed =
      window !== undefined &&
      (window.breaks === 'api' || (window.breaks === 'drained' && exchange.sentAt >= window.brokenAt));
    if (allowed) this.tally.unreachable += 1;
    else this.wrong(exchange, `no answer (${exchange.failure})`);
    this.#late(exchange, exchange.failure ?? 'no answer');
  }

  /** A request may fail during the fault and until the end of the recovery time, never otherwise. */
  #late(exchange: Exchange, what: string): void {
    const { window } = this;
    if (window === undefined || exchange.endedAt < window.brokenAt) {
      this.wrong(exchange, `${what} while nothing was broken`);
      return;
    }
    if (window.backAt === undefined) return;
    this.tally.recoveryMs = Math.max(this.tally.recoveryMs, exchange.endedAt - window.backAt);
    if (exchange.endedAt > window.backAt + RECOVERY_MS)
      this.wrong(exchange, `${what} ${Math.round(exchange.endedAt - window.backAt)} ms after the database was back`);
  }
}
