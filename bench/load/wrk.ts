import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { LoadOptions, LoadResult, LoadTool } from './load.ts';

const SCRIPT = `
local requests, turn = {}, 0
function init(arguments)
  for line in io.lines(arguments[1]) do
    local name, value = line:match("^(.-): (.*)$")
    requests[#requests + 1] = wrk.format("GET", nil, { [name] = value })
  end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary, latency)
  local errors = summary.errors
  io.stderr:write(string.format('{"requests":%d,"microseconds":%d,"failures":%d,"p50":%f,"p99":%f}',
    summary.requests, summary.duration, errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
`;

const output = z.object({
  requests: z.number(),
  microseconds: z.number(),
  failures: z.number(),
  p50: z.number(),
  p99: z.number(),
});

/** wrk, where it is installed: it takes the least processor time of all and leaves it to the contenders. */
export function wrk(): LoadTool | undefined {
  const version = spawnSync('wrk', ['-v'], { encoding: 'utf8' });
  if (version.error) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'session-guard-wrk-'));
  const script = join(directory, 'turns.lua');
  writeFileSync(script, SCRIPT);
  return {
    name: /wrk \S*/.exec(version.stdout)?.[0] ?? 'wrk',
    run: (options) => run(script, join(directory, 'headers'), options),
  };
}

async function run(script: string, headers: string, options: LoadOptions): Promise<LoadResult> {
  writeFileSync(headers, `${options.headers.join('\n')}\n`, { mode: 0o600 });
  const url = `http://127.0.0.1:${options.port}${options.path}`;
  const { stderr } = await promisify(execFile)('wrk', [
    '-t1',
    `-c${options.connections}`,
    `-d${options.seconds}s`,
    '--timeout',
    '10s',
    '-s',
    script,
    url,
    '--',
    headers,
  ]);
  const { requests, microseconds, failures, p50, p99 } = output.parse(JSON.parse(stderr));
  return { requests, seconds: microseconds / 1e6, failures, p50, p99 };
}
