import type { CollectedSpan } from '../../test/operations/collector.ts';

/** Colours by service, light and dark; each is told apart by its row's name as well. */
const SERVICES = [
  { service: 'session-guard-browser', name: 'Browser', light: '#7c3aed', dark: '#a78bfa' },
  { service: 'session-guard-web', name: 'Web application', light: '#b45309', dark: '#f59e0b' },
  { service: 'session-guard-api', name: 'API', light: '#0f766e', dark: '#2dd4bf' },
  { service: 'sql', name: 'PostgreSQL', light: '#1d4ed8', dark: '#60a5fa' },
];

const WIDTH = 1080;
const NAMES = 430;
const ROW = 26;
const TOP = 92;
const BAR = WIDTH - NAMES - 110;

interface Row {
  span: CollectedSpan;
  depth: number;
}

/**
 * Draws a trace as a waterfall: each span a bar below the one it came from, on one axis of time. The text follows the
 * reader's light or dark scheme.
 *
 * @returns an SVG document
 */
export function waterfall(title: string, spans: readonly CollectedSpan[]): string {
  const rows = inOrder(spans);
  const begin = Math.min(...spans.map(({ startTimeUnixNano }) => ms(startTimeUnixNano)));
  const end = Math.max(...spans.map(({ endTimeUnixNano }) => ms(endTimeUnixNano)));
  const x = (time: number): number => NAMES + ((time - begin) / (end - begin)) * BAR;
  const height = TOP + rows.length * ROW + 20;
  const step = niceStep((end - begin) / 5);
  const ticks = Array.from({ length: Math.floor((end - begin) / step) + 1 }, (_, index) => index * step);
  const body = [
    `<text class="title" x="20" y="32">${escape(title)}</text>`,
    ...legend(spans),
    ...ticks.map((tick) => {
      const at = x(begin + tick).toFixed(1);
      return (
        `<line class="grid" x1="${at}" x2="${at}" y1="${TOP - 8}" y2="${height - 14}"/>` +
        `<text class="tick" x="${at}" y="${TOP - 14}">${tick} ms</text>`
      );
    }),
    ...rows.map(({ span, depth }, index) => {
      const y = TOP + index * ROW;
      const [from, to] = [x(ms(span.startTimeUnixNano)), x(ms(span.endTimeUnixNano))];
      const took = ms(span.endTimeUnixNano) - ms(span.startTimeUnixNano);
      return (
        `<g><title>${escape(statementOf(span) ?? span.name)}</title>` +
        `<text class="name" x="${20 + depth * 14}" y="${y + 17}">` +
        `${escape(shortened(label(span), 54 - depth * 2))}</text>` +
        `<rect class="${kindOf(span)}" x="${from.toFixed(1)}" y="${y + 6}" ` +
        `width="${Math.max(to - from, 2).toFixed(1)}" height="14" rx="3"/>` +
        `<text class="time" x="${(to + 7).toFixed(1)}" y="${y + 17}">` +
        `${took < 10 ? took.toFixed(1) : took.toFixed(0)} ms</text></g>`
      );
    }),
  ];
  const size = `width="${WIDTH}" height="${height}"`;
  const attributes = `viewBox="0 0 ${WIDTH} ${height}" ${size} role="img" aria-label="${escape(title)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>
<style>${style()}</style>
<rect class="paper" ${size} rx="10"/>
${body.join('\n')}
</svg>
`;
}

/** Depth first, each span's children by their beginning. */
function inOrder(spans: readonly CollectedSpan[]): Row[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: string | undefined, depth: number): Row[] =>
    spans
      .filter(({ parentSpanId }) =>
        parent === undefined ? parentSpanId === undefined || !ids.has(parentSpanId) : parentSpanId === parent,
      )
      .toSorted((a, b) => ms(a.startTimeUnixNano) - ms(b.startTimeUnixNano))
      .flatMap((span) => [{ span, depth }, ...below(span.spanId, depth + 1)]);
  return below(undefined, 0);
}

/** Milliseconds, with microseconds behind the point: a number holds no more. */
const ms = (nanoseconds: string): number => Number(BigInt(nanoseconds) / 1000n) / 1000;

const statementOf = ({ attributes }: CollectedSpan): string | undefined =>
  attributes.find(({ key }) => key === 'db.query.text')?.value.stringValue;

const kindOf = (span: CollectedSpan): string =>
  statementOf(span) === undefined
    ? (SERVICES.find(({ service }) => service === span.service)?.service ?? 'other')
    : 'sql';

const label = (span: CollectedSpan): string => statementOf(span) ?? span.name;

const shortened = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);

function legend(spans: readonly CollectedSpan[]): string[] {
  const kinds = new Set(spans.map(kindOf));
  return SERVICES.filter(({ service }) => kinds.has(service)).map(
    ({ service, name }, index) =>
      `<rect class="${service}" x="${20 + index * 150}" y="46" width="12" height="12" rx="3"/>` +
      `<text class="name" x="${38 + index * 150}" y="56">${name}</text>`,
  );
}

function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 5, 10].find((factor) => factor * power >= wanted) ?? 10) * power;
}

function style(): string {
  const colours = (scheme: 'light' | 'dark'): string =>
    SERVICES.map((entry) => `.${entry.service}{fill:${entry[scheme]}}`).join('');
  return (
    'text{font:13px ui-sans-serif,system-ui,sans-serif;fill:#1c2726}.title{font-size:17px;font-weight:600}' +
    '.time,.tick{font-size:12px;fill:#52605e}.tick{text-anchor:middle}' +
    `.paper{fill:#fff;stroke:#d9dedd}.grid{stroke:#e5e9e8}.other{fill:#6b7280}${colours('light')}` +
    `@media(prefers-color-scheme:dark){text{fill:#e6eceb}.time,.tick{fill:#a3b0ae}.paper{fill:#0c1413;stroke:#2a3735}` +
    `.grid{stroke:#22302e}${colours('dark')}}`
  );
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
