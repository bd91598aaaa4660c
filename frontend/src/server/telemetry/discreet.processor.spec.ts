import { SpanStatusCode } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { DiscreetProcessor } from './discreet.processor.ts';

it('tokens in addresses and the text of errors stay here', () => {
  const exporter = new InMemorySpanExporter();
  const tracer = new BasicTracerProvider({
    spanProcessors: [new DiscreetProcessor(new SimpleSpanProcessor(exporter))],
  }).getTracer('test');
  const TOKEN = 'x7RkPq2LmN8sTuVwYzAbCdEf';
  const span = tracer.startSpan(`fetch GET http://localhost:4000/api/tasks?q=${TOKEN}`, {
    attributes: { 'http.target': `/api/auth/reset-password/${TOKEN}?x=${TOKEN}`, 'http.method': 'GET' },
  });
  span.recordException(new Error(`Key (token)=(${TOKEN}) already exists`));
  span.setStatus({ code: SpanStatusCode.ERROR, message: TOKEN });
  span.end();
  const [sent] = exporter.getFinishedSpans();
  expect(sent).toMatchObject({
    name: 'fetch GET http://localhost:4000/api/tasks',
    attributes: { 'http.target': '/api/auth/reset-password/:id', 'http.method': 'GET' },
    events: [],
    status: { code: SpanStatusCode.ERROR },
  });
  expect(sent?.spanContext()).toEqual(span.spanContext());
  expect(JSON.stringify([sent?.name, sent?.attributes, sent?.status, sent?.events])).not.toContain(TOKEN);
});
