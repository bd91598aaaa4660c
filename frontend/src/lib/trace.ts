import { TRACES_PATH, type BrowserSpan } from './browser-span.ts';
import { routePath } from './route-path.ts';

/** How long a trace waits for another request before it is reported, in milliseconds. */
const GATHER_MS = 1_000;

/** What of a window is used. */
type Page = Pick<typeof globalThis, 'fetch' | 'addEventListener' | 'setTimeout' | 'performance'> & {
  location: Pick<Location, 'href' | 'pathname'>;
  navigator: Pick<Navigator, 'sendBeacon'>;
};

interface Trace {
  id: string;
  /** The span that requests are children of. */
  parent: string;
  /** Of a click, until it has been reported. */
  click: BrowserSpan | undefined;
  finished: BrowserSpan[];
  open: number;
}

const hex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * Lets a page's requests carry its trace, and reports how long they took. Each click begins a trace of its own, which
 * goes through the web application and the API down to SQL. Loaded only where the server says that traces are on.
 *
 * A `traceparent` is two random numbers: it tells nobody who asks.
 *
 * @param rendered the span that rendered the page: what it asks for by itself belongs to it
 */
export function traceRequests(rendered: { traceId: string; spanId: string }, page: Page): void {
  let trace: Trace = { id: rendered.traceId, parent: rendered.spanId, click: undefined, finished: [], open: 0 };
  const now = (): number => page.performance.timeOrigin + page.performance.now();

  const begin = (): void => {
    const [traceId, spanId, start] = [hex(16), hex(8), now()];
    const click = { traceId, spanId, name: 'click', path: routePath(page.location.pathname), start, end: start };
    trace = { id: traceId, parent: spanId, click, finished: [], open: 0 };
  };
  page.addEventListener('click', begin, { capture: true });
  // A form sent by Enter is a click on its button for browsers; only one without a button is none.
  page.addEventListener('submit', (event) => event.submitter === null && begin(), { capture: true });

  const report = (of: Trace): void => {
    if (of.finished.length === 0) return;
    const click = of.click && { ...of.click, end: Math.max(...of.finished.map(({ end }) => end)) };
    const spans = [...(click ? [click] : []), ...of.finished];
    of.click = undefined;
    of.finished = [];
    page.navigator.sendBeacon(TRACES_PATH, new Blob([JSON.stringify(spans)], { type: 'application/json' }));
  };
  page.addEventListener('pagehide', () => report(trace));

  const send = page.fetch;
  page.fetch = async (input, init) => {
    const request = new Request(input, init);
    const of = trace;
    const span = {
      traceId: of.id,
      spanId: hex(8),
      parentSpanId: of.parent,
      name: request.method,
      path: routePath(new URL(request.url, page.location.href).pathname),
      start: now(),
    };
    request.headers.set('traceparent', `00-${of.id}-${span.spanId}-01`);
    of.open += 1;
    let status: number | undefined;
    try {
      const response = await send(request);
      ({ status } = response);
      return response;
    } finally {
      of.open -= 1;
      of.finished.push({ ...span, end: now(), ...(status === undefined ? {} : { status }) });
      page.setTimeout(() => of.open === 0 && report(of), GATHER_MS);
    }
  };
}
