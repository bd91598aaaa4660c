import { costOf, sizingTable } from '../../bench/sizing.ts';

const HEAD =
  '| what | requests/s | rounds | p50 ms | p99 ms | CPU µs/request | ratio by requests/s | ratio by CPU |\n' +
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |';
const RESULTS =
  `# Results\n\n## \`GET /me\`, to it\n\n${HEAD}\n` +
  `| Session Guard, bearer | 10,000 | ±1 % | 1 | 2 | 90 | 0.8 | 0.9 |\n\n` +
  `## A list of twenty rows, to bare Nest\n\n${HEAD}\n` +
  `| Session Guard, bearer | 2,000 | ±1 % | 1 | 2 | 300 | 0.8 | 0.9 |\n`;

describe('the table of docs/deploy/sizing.md', () => {
  it('is computed from what was measured', () => {
    const table = sizingTable(RESULTS);
    expect(table).toContain('| `GET /api/me`, remembered | 10,000 | 90 µs | 110 µs |');
    expect(table).toContain('| 20 tasks | 2,000 | 300 µs | 700 µs |');
    // 10,000 × 90 µs at 60 %, 10,000 × 300 µs at 60 %, 10,000 × 700 µs at 60 %.
    expect(table).toContain('| 10,000 | 2 | 5 | 12 |');
    expect(table).toContain('| 100 | 1 | 1 | 1 |');
  });

  it('refuses results without the line it needs', () => {
    expect(() => costOf(RESULTS, '`GET /me`', 'somebody else')).toThrow('npm run bench');
  });
});
