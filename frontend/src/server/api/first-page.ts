import 'server-only';
import { createApiClient, fixedToken, unwrap } from '@session-guard/api-client';
import { headers } from 'next/headers';
import { toQuery } from '../../features/tasks/filters.ts';
import type { TaskFilters, TaskPage } from '../../features/tasks/types.ts';
import { auth } from '../auth/index.ts';
import { env } from '../env.ts';

/** How long a page may wait for its first list. After that the browser requests it and shows the progress. */
const TIMEOUT_MS = 1_500;

/**
 * The first page of the list, read with this person's own JWT. The token stays on this server: nothing of it
 * reaches the HTML.
 * @returns null when the API gave none in time, for whatever reason
 */
export async function firstPage(filters: TaskFilters): Promise<TaskPage | null> {
  try {
    const { token } = await auth().api.getToken({ headers: await headers() });
    const client = createApiClient({ baseUrl: env().apiInternalUrl, token: fixedToken(token) });
    return await unwrap(
      client.GET('/api/tasks', {
        params: { query: toQuery(filters, null) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        cache: 'no-store',
      }),
    );
  } catch (error) {
    console.warn(
      `web: the first page of tasks was left to the browser (${error instanceof Error ? error.name : 'unknown'})`,
    );
    return null;
  }
}
