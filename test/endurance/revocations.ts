import { setTimeout as delay } from 'node:timers/promises';
import type { HttpClient } from './http.ts';
import type { ResponseChecker } from './response-checker.ts';
import { loop, type Running } from './loop.ts';
import type { LiveSession, People } from './people.ts';

/** Milliseconds from the commit of a revocation in which an instance may still serve the session. */
export const BOUND_MS = 1_000;
/** Milliseconds a revoked session is watched: longer than the bound, to see whether it is served again. */
const WATCHED_MS = 2_500;
const PROBE_MS = 25;
const PAUSE_MS = 150;

/** The counts of revoked sessions. */
export interface RevocationReport {
  revoked: number;
  /** Milliseconds from the commit to the latest request that was still served; 0 when none was. */
  latestServedMs: number;
}

/** Signs sessions out that the API has just served, and goes on using them. */
export class Revocations {
  report: RevocationReport = { revoked: 0, latestServedMs: 0 };

  constructor(
    private readonly http: HttpClient,
    private readonly checker: () => ResponseChecker,
    private readonly people: People,
    private readonly users: readonly string[],
  ) {}

  start(strands: number): Running {
    return loop(strands, PAUSE_MS, async (strand) => {
      const userId = this.users[strand % this.users.length];
      if (userId === undefined) return;
      // While the database is away nobody can sign out, so there is nothing to check.
      const session = await this.people.signIn(userId).catch(() => undefined);
      if (session === undefined) return;
      const warm = await this.http.send('GET', '/api/me', session.headers);
      if (!this.checker().check(warm)) return;
      const revokedAt = await this.people.signOut(session).then(
        () => performance.now(),
        () => undefined,
      );
      if (revokedAt === undefined) return;
      this.report.revoked += 1;
      await this.#watch(session, revokedAt);
    });
  }

  async #watch(session: LiveSession, revokedAt: number): Promise<void> {
    while (performance.now() - revokedAt < WATCHED_MS) {
      const exchange = await this.http.send('GET', '/api/me', session.headers);
      const served = this.checker().check(exchange, 'revoked');
      if (served) {
        const late = exchange.sentAt - revokedAt;
        this.report.latestServedMs = Math.max(this.report.latestServedMs, late);
        if (late > BOUND_MS)
          this.checker().wrong(
            exchange,
            `a revoked session (${session.kind}) was served ${Math.round(late)} ms after its revocation`,
          );
      }
      await delay(PROBE_MS);
    }
  }
}
