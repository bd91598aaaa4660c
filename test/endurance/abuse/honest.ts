import { z } from 'zod';
import { loop, type Running } from '../loop.ts';
import type { Account, Site } from './account.ts';

/** Between two turns, in milliseconds: with 2.3 requests to the API a turn, a person stays within 600 a minute. */
const PAUSE_MS = 240;
const created = z.object({ data: z.object({ id: z.string() }) });

/** What somebody who does nothing wrong has seen. */
export interface Experience {
  /** Milliseconds of every answer. */
  readonly times: number[];
  /** Answers that nobody who does nothing wrong should get, in words. */
  readonly wrong: string[];
}

/** Works as a person with two tabs does: reads, writes, and opens the page. */
export function startHonestUser({ bearer, client }: Account, { apiUrl, webUrl }: Site, seen: Experience): Running {
  let turn = 0;
  const ask = async (method: string, url: string, body?: object): Promise<string> => {
    const sentAt = performance.now();
    const response = await fetch(url, {
      method,
      headers: { ...bearer, 'x-forwarded-for': client.address, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => error as Error);
    if (response instanceof Error) {
      seen.wrong.push(`${method} ${new URL(url).pathname}: no answer`);
      return '';
    }
    const text = await response.text();
    seen.times.push(performance.now() - sentAt);
    if (!response.ok)
      seen.wrong.push(`${method} ${new URL(url).pathname.replaceAll(/[0-9a-f-]{36}/g, ':id')}: ${response.status}`);
    return response.ok ? text : '';
  };
  return loop(1, PAUSE_MS, async () => {
    turn += 1;
    await ask('GET', `${apiUrl}/api/me`);
    await ask('GET', `${apiUrl}/api/tasks?limit=20`);
    if (turn % 5 === 0) await ask('GET', `${webUrl}/api/auth/get-session`);
    if (turn % 10 !== 0) return;
    const text = await ask('POST', `${apiUrl}/api/tasks`, { title: `honest ${turn}` });
    if (text === '') return;
    const { data } = created.parse(JSON.parse(text));
    await ask('PATCH', `${apiUrl}/api/tasks/${data.id}`, { priority: 'high' });
    await ask('DELETE', `${apiUrl}/api/tasks/${data.id}`);
  });
}
