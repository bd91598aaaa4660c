import type { HttpClient } from './http.ts';
import type { ResponseChecker } from './response-checker.ts';
import type { LiveSession } from './people.ts';
import { loop, type Running } from './loop.ts';

const PAUSE_MS = 20;

/** Reads `/api/me` and the list in turn, for one session after the other. */
export function startReaders(
  count: number,
  http: HttpClient,
  checker: () => ResponseChecker,
  sessions: readonly LiveSession[],
): Running {
  let turn = 0;
  return loop(count, PAUSE_MS, async () => {
    const session = sessions[turn++ % sessions.length];
    if (session === undefined) return;
    const me = turn % 3 !== 0;
    const exchange = await http.send('GET', me ? '/api/me' : '/api/tasks?limit=20', session.headers);
    const served = checker().check(exchange);
    if (served && me && !exchange.text.includes(`"${session.userId}"`))
      checker().wrong(exchange, 'answered as somebody else');
  });
}
