import { trace } from '@opentelemetry/api';

/** The trace this page was rendered in, as a `traceparent` header has it; undefined while traces are off. */
export function traceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && `00-${span.traceId}-${span.spanId}-01`;
}
