const hex = (bytes: number): string => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * Lets a page's requests continue its trace, where the server says that traces are on (`<meta name="traceparent">`).
 * Each click or submit begins a trace of its own, which goes through the web application and the API down to SQL.
 *
 * A `traceparent` is two random numbers: it tells nobody who asks.
 */
export function continueTraces(page: Document, target: Pick<typeof globalThis, 'fetch' | 'addEventListener'>): void {
  const [, rendered] = page.querySelector<HTMLMetaElement>('meta[name="traceparent"]')?.content.split('-') ?? [];
  if (rendered === undefined) return;
  let trace = rendered;
  for (const event of ['click', 'submit']) target.addEventListener(event, () => (trace = hex(16)), { capture: true });
  const send = target.fetch;
  target.fetch = (input, init) => {
    const request = new Request(input, init);
    request.headers.set('traceparent', `00-${trace}-${hex(8)}-01`);
    return send(request);
  };
}
