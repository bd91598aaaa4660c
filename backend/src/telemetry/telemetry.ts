import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { traceQueries } from './query.traces.ts';
import { traceRequests, type Hooked } from './request.traces.ts';

/** How long a span waits for others before they are sent, in milliseconds. */
const GATHER_MS = 1_000;

/** Traces while they are on. */
export interface Telemetry {
  /** Gives every request a span; call it before other hooks are added. */
  traceRequests(fastify: Hooked): void;
  /** Sends what is still held. */
  shutdown(): Promise<void>;
}

/**
 * Sends a trace of each request, with its SQL, to an OpenTelemetry collector. Loaded only when one is configured.
 *
 * A caller's `traceparent` is continued, and its sampling decision followed. Spans hold routes, statements without
 * their values, and times: nothing that authenticates anybody, and no user's text.
 *
 * @param endpoint base URL of the collector (OTLP over HTTP), to which `/v1/traces` is added
 */
export function startTelemetry(endpoint: string): Telemetry {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'session-guard-api' }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: GATHER_MS })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = trace.getTracer('session-guard');
  traceQueries(tracer);
  return { traceRequests: (fastify) => traceRequests(fastify, tracer), shutdown: () => provider.shutdown() };
}
