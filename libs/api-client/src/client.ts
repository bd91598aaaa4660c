import createClient, { type Client } from 'openapi-fetch';
import { toApiProblem } from './api-problem.ts';
import { authorizedFetch, type AuthorizedFetchOptions } from './authorized-fetch.ts';
import type { paths } from './schema.ts';

/** Every route of the API, typed: `api.GET('/api/tasks', { params: { query: { status: 'todo' } } })`. */
export type ApiClient = Client<paths>;

export interface ApiClientOptions extends AuthorizedFetchOptions {
  /** Where the API is, without `/api`, e.g. `http://localhost:4000`. */
  readonly baseUrl: string;
}

/**
 * A typed client of the API. Give `signal` in any call to abort it.
 *
 * @example
 * const api = createApiClient({ baseUrl: 'http://localhost:4000', token: fixedToken(token) });
 * const { data } = await unwrap(api.GET('/api/tasks', { signal: AbortSignal.timeout(5_000) }));
 */
export function createApiClient({ baseUrl, ...options }: ApiClientOptions): ApiClient {
  return createClient<paths>({ baseUrl: baseUrl.replace(/\/+$/, ''), fetch: authorizedFetch(options) });
}

/**
 * The body of a successful response; undefined when it has none.
 *
 * @throws {ApiProblem} for an error response; what `fetch` throws when there was none or the call was aborted
 */
export async function unwrap<Data>(
  pending: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await pending;
  if (!response.ok) throw toApiProblem(error, response);
  return data as Data;
}
