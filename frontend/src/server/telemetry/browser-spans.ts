import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { z } from 'zod';
import type { BrowserSpan } from '../../lib/browser-span.ts';
import { routePath } from '../../lib/route-path.ts';
import { env } from '../env.ts';
import { tracesUrl } from './traces-url.ts';

/** Bytes of one report. */
const MAX_BYTES = 16_384;
/** Spans of one report, and of all pages in a second, so that a flood of reports can't fill the collector. */
const MAX_SPANS = 50;
const MAX_SPANS_PER_SECOND = 200;
const TIMEOUT_MS = 5_000;

const id = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const milliseconds = z.number().min(0).max(1e14);

const report = z
  .array(
    z.strictObject({
      traceId: id(32),
      spanId: id(16),
      parentSpanId: id(16).exactOptional(),
      name: z.enum(['click', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
      path: z.string().max(200).transform(routePath),
      start: milliseconds,
      end: milliseconds,
      status: z.int().min(100).max(599).exactOptional(),
    }),
  )
  .min(1)
  .max(MAX_SPANS);

let second = 0;
let taken = 0;

/** Whether `count` more spans may be taken in this second. */
function within(count: number): boolean {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) [second, taken] = [now, 0];
  taken += count;
  return taken <= MAX_SPANS_PER_SECOND;
}

/**
 * Takes the spans of a page and passes them on to the collector, as service `session-guard-browser`. 404 while traces
 * are off; only this application's own pages may report, and what they report is checked to the last field.
 */
export async function takeBrowserSpans(request: Request): Promise<Response> {
  const { traceEndpoint, webUrl } = env();
  if (traceEndpoint === undefined) return new Response(null, { status: 404 });
  if (request.headers.get('origin') !== new URL(webUrl).origin) return new Response(null, { status: 403 });
  const length = Number(request.headers.get('content-length') ?? Number.NaN);
  if (!(length <= MAX_BYTES)) return new Response(null, { status: 413 });
  const parsed = report.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success) return new Response(null, { status: 400 });
  if (!within(parsed.data.length)) return new Response(null, { status: 429, headers: { 'retry-after': '1' } });
  // Sending a trace isn't traced itself, and no page waits for the collector.
  void context.with(suppressTracing(context.active()), () =>
    fetch(tracesUrl(traceEndpoint), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(toOtlp(parsed.data)),
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).then(
      (response) => response.body?.cancel(),
      () => undefined,
    ),
  );
  return new Response(null, { status: 204 });
}

/** OTLP's JSON. @see https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export function toOtlp(spans: readonly BrowserSpan[]): object {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n);
  return {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'session-guard-browser')] },
        scopeSpans: [
          {
            scope: { name: 'session-guard' },
            spans: spans.map(({ traceId, spanId, parentSpanId, name, path, start, end, status }) => ({
              traceId,
              spanId,
              ...(parentSpanId === undefined ? {} : { parentSpanId }),
              name: `${name} ${path}`,
              // SpanKind: 1 is internal, 3 is client.
              kind: name === 'click' ? 1 : 3,
              startTimeUnixNano: nanoseconds(start),
              endTimeUnixNano: nanoseconds(end),
              attributes: [
                text('url.path', path),
                ...(name === 'click' ? [] : [text('http.request.method', name)]),
                ...(status === undefined ? [] : [{ key: 'http.response.status_code', value: { intValue: status } }]),
              ],
              status: { code: name !== 'click' && (status === undefined || status >= 400) ? 2 : 0 },
            })),
          },
        ],
      },
    ],
  };
}
