import type { HttpClient } from './http.ts';
import type { Judge } from './judge.ts';
import type { LiveSession } from './people.ts';
import { loop, type Running } from './loop.ts';

const PAUSE_MS = 20;

/** Reads `/api/me` and the list in turn, for one session after the other. */
export function startReaders(
  count: number,
  http: HttpClient,
  judge: () => Judge,
  sessions: readonly LiveSession[],
): Running {
  let turn = 0;
  return loop(count, PAUSE_MS, async () => {
    const session = sessions[turn++ % sessions.length];
    if (session === undefined) return;
    const me = turn % 3 !== 0;
    const exchange = await http.send('GET', me ? '/api/me' : '/api/tasks?limit=20', session.headers);
    const served = judge().weigh(exchange);
    if (served && me && !exchange.text.includes(`"${session.userId}"`))
      judge().wrong(exchange, 'answered as somebody else');
  });
}
