import 'server-only';
import { headers } from 'next/headers';
import { PAGE_SIZE } from '../../features/tasks/page-size.ts';
import { toQuery } from '../../features/tasks/filters.ts';
import type { TaskFilters, TaskPage } from '../../features/tasks/types.ts';
import { auth } from '../auth/index.ts';
import { env } from '../env.ts';

/** A page isn't held up for longer than this, in milliseconds; the browser then asks by itself and tells how it goes. */
const PATIENCE = 1_500;

/**
 * The first page of the list, read with this person's own JWT. The token stays on this server: nothing of it
 * reaches the HTML.
 * @returns null when the API gave none in time, for whatever reason
 */
export async function firstPage(filters: TaskFilters): Promise<TaskPage | null> {
  try {
    const { token } = await auth().api.getToken({ headers: await headers() });
    const response = await fetch(`${env().apiInternalUrl}/api/tasks?${toQuery(filters, null, PAGE_SIZE).toString()}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PATIENCE),
      cache: 'no-store',
    });
    return response.ok ? ((await response.json()) as TaskPage) : null;
  } catch (error) {
    console.warn(`web: the first page of tasks was left to the browser (${error instanceof Error ? error.name : 'unknown'})`);
    return null;
  }
}
