import { concerns, isProven, type RevocationFeed, type SessionLookup } from '@session-guard/core';
import { Observable } from 'rxjs';
import type { AuthenticatedSession } from './auth.types.ts';

/** Why a session is over. */
export type SessionEnd = 'revoked' | 'expired';

/** How often an open stream's session is looked at where revocations may go unheard, and while the database is away. */
const POLL_MS = 1_000;

/** However many revocations arrive, forged ones too, a stream's session is looked up for them this often at most. */
const CHECKS = { most: 10, everyMs: 1_000 } as const;

/** setTimeout's limit is 2^31 - 1 ms; a session may outlive it. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/**
 * Tells long-lived connections (event streams, sockets) when the session that opened them is over: a guard runs
 * once, at the start, and a revoked session must not keep listening.
 */
export class SessionEvents {
  /** @param feed while it isn't proven, sessions are looked at every second */
  constructor(
    private readonly sessions: SessionLookup,
    private readonly feed: RevocationFeed,
  ) {}

  /**
   * Emits once and completes. An outage of the database ends nothing: it is asked again until it answers.
   *
   * @example events.ended(session).subscribe((reason) => stream.end(`event: session.ended\ndata: ${reason}\n\n`));
   */
  ended(session: AuthenticatedSession): Observable<SessionEnd> {
    return new Observable<SessionEnd>((subscriber) => {
      let timer: NodeJS.Timeout | undefined;
      let checking = false;
      let again = false;
      /** Looks for revocations, since when. */
      let counted = { looks: 0, since: -Infinity };

      const checkIn = (milliseconds: number): void => {
        clearTimeout(timer);
        timer = setTimeout(() => void check(), Math.min(milliseconds, LONGEST_TIMEOUT_MS));
        timer.unref();
      };

      const check = async (): Promise<void> => {
        if (checking) {
          again = true;
          return;
        }
        checking = true;
        again = false;
        try {
          const found = await this.sessions.findById(session.id);
          if (subscriber.closed) return;
          if ('refused' in found) {
            subscriber.next(found.refused === 'expired' ? 'expired' : 'revoked');
            subscriber.complete();
            return;
          }
          checkIn(isProven(this.feed, performance.now()) ? found.ttlMs : Math.min(found.ttlMs, POLL_MS));
        } catch {
          checkIn(POLL_MS);
        } finally {
          checking = false;
        }
        if (again && !subscriber.closed) recheck();
      };

      const recheck = (): void => {
        const now = performance.now();
        if (now - counted.since >= CHECKS.everyMs) counted = { looks: 0, since: now };
        if (checking) again = true;
        else if (counted.looks < CHECKS.most) {
          counted.looks += 1;
          void check();
        } else checkIn(counted.since + CHECKS.everyMs - now);
      };

      const unsubscribe = this.feed.subscribe((revocation) => {
        if (concerns(revocation, session.id, session.userId)) recheck();
      });
      // The session may have ended between the guard and this subscription.
      void check();
      return () => {
        clearTimeout(timer);
        unsubscribe();
      };
    });
  }
}
