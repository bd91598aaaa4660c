import type { CollectedSpan } from '../../test/operations/collector.ts';
import { waterfall } from './waterfall.ts';

const BEGIN = 1_764_000_000_000_000_000n;
const span = (
  id: string,
  parent: string | undefined,
  name: string,
  from: number,
  to: number,
  statement?: string,
): CollectedSpan => ({
  service: parent === undefined ? 'session-guard-browser' : 'session-guard-api',
  traceId: 't',
  spanId: id,
  ...(parent === undefined ? {} : { parentSpanId: parent }),
  name,
  startTimeUnixNano: String(BEGIN + BigInt(from * 1e6)),
  endTimeUnixNano: String(BEGIN + BigInt(to * 1e6)),
  attributes: statement === undefined ? [] : [{ key: 'db.query.text', value: { stringValue: statement } }],
});

test('each span is a bar below the one it came from, at its time, with its text escaped', () => {
  const svg = waterfall('One <click>', [
    span('c', 'b', 'SELECT task', 60, 90, 'select "id" from task where a < $1'),
    span('a', undefined, 'click /tasks', 0, 100),
    span('b', 'a', 'POST /api/tasks', 50, 100),
  ]);
  const names = [...svg.matchAll(/class="name" x="(\d+)" y="\d+">([^<]*)</g)].map(([, x, name]) => [Number(x), name]);
  expect(names.slice(3)).toEqual([
    [20, 'click /tasks'],
    [34, 'POST /api/tasks'],
    [48, 'select &quot;id&quot; from task where a &lt; $1'],
  ]);
  expect(svg).toContain('One &lt;click&gt;');
  expect([...svg.matchAll(/class="time"[^>]*>([^<]*)</g)].map(([, time]) => time)).toEqual([
    '100 ms',
    '50 ms',
    '30 ms',
  ]);
  expect(svg).toContain('prefers-color-scheme:dark');
});
