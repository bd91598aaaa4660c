import type { TokenSource } from './token-source.ts';

/** What {@link authorizedFetch} needs. */
export interface AuthorizedFetchOptions {
  readonly token?: TokenSource | undefined;
  /** @default the platform's */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/**
 * A fetch that sends the token, and on 401 renews it once and sends the request again. Requests refused together
 * share one renewal.
 */
export function authorizedFetch({
  token,
  fetch: send = (request) => globalThis.fetch(request),
}: AuthorizedFetchOptions): (request: Request) => Promise<Response> {
  if (!token) return send;
  let renewing: Promise<string | undefined> | undefined;
  const renew = (): Promise<string | undefined> => {
    renewing ??= Promise.resolve(token.renew()).finally(() => (renewing = undefined));
    return renewing;
  };
  return async (request) => {
    const used = await token.get();
    // A body can be read once: the copy is for the second try.
    const again = request.clone();
    const response = await send(withToken(request, used));
    if (response.status !== 401) return response;
    const current = await token.get();
    const renewed = current !== undefined && current !== used ? current : await renew();
    if (renewed === undefined || request.signal.aborted) return response;
    await response.body?.cancel();
    return send(withToken(again, renewed));
  };
}

function withToken(request: Request, token: string | undefined): Request {
  if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
  return request;
}
