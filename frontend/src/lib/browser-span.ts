/**
 * Where a page reports its spans to: the web application, which passes them on. Not below `/api`, which balancers give
 * to the API.
 */
export const TRACES_PATH = '/traces';

/** One span of a trace as a page reports it. Holds routes and times: no text, no address's query, no credential. */
export interface BrowserSpan {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** Missing for a click, which begins its trace. */
  parentSpanId?: string;
  /** `click`, or a request's method. */
  name: string;
  /** The page's path, or the request's; see `routePath`. */
  path: string;
  /** Milliseconds since the epoch, with fractions. */
  start: number;
  end: number;
  /** Of a request's answer; missing when there was none. */
  status?: number;
}
