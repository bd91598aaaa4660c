export { takeBrowserSpans as POST } from '../../server/telemetry/browser-spans.ts';
