import type { Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { routePath } from '../../lib/route-path.ts';

/** Attributes that Next fills with a whole address: those of reset and confirmation links hold their token. */
const ADDRESSES = ['http.target', 'http.url', 'url.full'];

/** Keeps addresses' queries and tokens, and the text of errors, out of the spans that are sent. */
export class DiscreetProcessor implements SpanProcessor {
  constructor(private readonly next: SpanProcessor) {}

  onStart(span: Span, parent: Context): void {
    this.next.onStart(span, parent);
  }

  onEnd(span: ReadableSpan): void {
    const attributes = { ...span.attributes };
    for (const key of ADDRESSES) if (typeof attributes[key] === 'string') attributes[key] = discreet(attributes[key]);
    // A driver's message may quote a value: an error is told by its mark alone.
    const told = {
      attributes,
      name: span.name.split(' ').map(discreet).join(' '),
      events: [],
      status: { code: span.status.code },
    };
    this.next.onEnd(
      Object.create(
        span,
        Object.fromEntries(Object.entries(told).map(([key, value]) => [key, { value }])),
      ) as ReadableSpan,
    );
  }

  forceFlush(): Promise<void> {
    return this.next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.next.shutdown();
  }
}

/** Paths and whole addresses by {@link routePath}; other words as they are. */
function discreet(word: string): string {
  if (word.startsWith('/')) return routePath(word);
  if (!/^https?:/.test(word)) return word;
  return URL.canParse(word) ? new URL(word).origin + routePath(new URL(word).pathname) : 'address';
}
