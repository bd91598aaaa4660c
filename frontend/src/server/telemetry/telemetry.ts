import { subscribe } from 'node:diagnostics_channel';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  type Sampler,
  type SamplingResult,
} from '@opentelemetry/sdk-trace-base';
import { TRACES_PATH } from '../../lib/browser-span.ts';
import { DiscreetProcessor } from './discreet.processor.ts';
import { tracesUrl } from './traces-url.ts';

/** How long a span waits for others before they are sent, in milliseconds. */
const GATHER_MS = 1_000;

/** Asked every few seconds, or about traces themselves: a trace of each would bury the rest. */
const UNTRACED = [TRACES_PATH, '/api/health', '/api/auth/ok'];

class QuietSampler implements Sampler {
  shouldSample(...[, , , , attributes]: Parameters<Sampler['shouldSample']>): SamplingResult {
    const target = attributes['http.target'];
    const untraced = typeof target === 'string' && UNTRACED.some((path) => target.startsWith(path));
    return { decision: untraced ? SamplingDecision.NOT_RECORD : SamplingDecision.RECORD_AND_SAMPLED };
  }
}

/** Of undici, under `fetch`: the request about to be sent. */
interface OutgoingRequest {
  request: { origin: string; addHeader(name: string, value: string): void };
}

/**
 * Sends traces to an OpenTelemetry collector. Loaded only when one is configured.
 *
 * The spans are Next's (requests, rendering, fetch) and Better Auth's (endpoints, database); here they get somewhere
 * to go, and requests to the API carry the trace on.
 *
 * @param endpoint base URL of the collector (OTLP over HTTP), to which `/v1/traces` is added
 * @param apiOrigin the one origin that is told of the trace
 */
export function startTelemetry(endpoint: string, apiOrigin: string): void {
  const exporter = new OTLPTraceExporter({ url: tracesUrl(endpoint) });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'session-guard-web' }),
    sampler: new ParentBasedSampler({ root: new QuietSampler() }),
    spanProcessors: [new DiscreetProcessor(new BatchSpanProcessor(exporter, { scheduledDelayMillis: GATHER_MS }))],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  subscribe('undici:request:create', (message) => {
    const { request } = message as OutgoingRequest;
    if (request.origin !== apiOrigin) return;
    propagation.inject(context.active(), request, { set: (target, name, value) => target.addHeader(name, value) });
  });
}
