/** A line chart; colours are readable on light and on dark pages. */
export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Whether the x axis is logarithmic; the y axis always begins at 0. */
  readonly logarithmic: boolean;
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[];
}

const [WIDTH, HEIGHT] = [720, 380];
const PLOT = { left: 70, right: 700, top: 50, bottom: 290 };
const COLOURS = ['#2f6feb', '#d1495b', '#2a9d5c', '#b7791f'];
const GREY = '#7d8590';

/** @returns an SVG document with a title for screen readers */
export function lineChart({ title, x, y, logarithmic, series }: Chart): string {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([value]) => value)))].toSorted((a, b) => a - b);
  const scale = (value: number): number => (logarithmic ? Math.log(value) : value);
  const [low, high] = [scale(xs[0] ?? 0), scale(xs.at(-1) ?? 1)];
  const steps = ticks(Math.max(...series.flatMap(({ points }) => points.map(([, value]) => value))));
  const top = steps.at(-1) ?? 1;
  const atX = (value: number): number =>
    PLOT.left + ((scale(value) - low) / (high - low || 1)) * (PLOT.right - PLOT.left - 30) + 15;
  const atY = (value: number): number => PLOT.bottom - (value / top) * (PLOT.bottom - PLOT.top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title" ` +
      'font-family="system-ui, sans-serif" font-size="13">',
    `<title id="title">${escape(title)}</title>`,
    text(PLOT.left, 26, title, 'start', ' font-size="16" font-weight="600"'),
    ...steps.flatMap((value) => [
      line(PLOT.left, atY(value), PLOT.right, atY(value)),
      text(PLOT.left - 8, atY(value) + 4, short(value), 'end'),
    ]),
    ...xs.map((value) => text(atX(value), PLOT.bottom + 20, short(value), 'middle')),
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 42, x, 'middle'),
    `<text transform="translate(16 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle" ` +
      `fill="${GREY}">${escape(y)}</text>`,
    ...series.flatMap(({ name, points }, index) => {
      const colour = COLOURS[index % COLOURS.length] ?? GREY;
      const path = points.map(([px, py]) => `${atX(px).toFixed(1)},${atY(py).toFixed(1)}`).join(' ');
      const [column, row] = [index % 2, Math.floor(index / 2)];
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2.5"/>`,
        ...points.map(
          ([px, py]) => `<circle cx="${atX(px).toFixed(1)}" cy="${atY(py).toFixed(1)}" r="4" fill="${colour}"/>`,
        ),
        `<rect x="${PLOT.left + column * 310}" y="${PLOT.bottom + 54 + row * 18}" width="14" height="4" ` +
          `fill="${colour}"/>`,
        text(PLOT.left + column * 310 + 20, PLOT.bottom + 60 + row * 18, name, 'start'),
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** Four or five round values from 0 to above `most`. */
function ticks(most: number): number[] {
  const rough = most / 4;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((candidate) => candidate >= rough) ?? rough;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

function short(value: number): string {
  if (value >= 1e6) return `${+(value / 1e6).toPrecision(3)} M`;
  if (value >= 1e4) return `${+(value / 1e3).toPrecision(3)} k`;
  return String(+value.toPrecision(3));
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return (
    `<line x1="${x1}" y1="${y1.toFixed(1)}" x2="${x2}" y2="${y2.toFixed(1)}" stroke="${GREY}" ` +
    'stroke-opacity="0.35"/>'
  );
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', more = ''): string {
  return (
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" ` +
    `fill="${GREY}"${more}>${escape(content)}</text>`
  );
}

function escape(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
