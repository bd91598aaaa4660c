// Next runs this before the page comes alive. Where traces are on, the server has written which one rendered the page.
const [, traceId, spanId] =
  document.querySelector<HTMLMetaElement>('meta[name="traceparent"]')?.content.split('-') ?? [];
if (traceId && spanId)
  void import('./lib/trace.ts').then(({ traceRequests }) => traceRequests({ traceId, spanId }, window));
