import autocannon from 'autocannon';
import type { LoadResult, LoadTool } from './load.ts';

/** autocannon, from npm: where there is no wrk. */
export const byAutocannon: LoadTool = {
  name: 'autocannon',
  run: async ({ port, path, headers, connections, seconds }): Promise<LoadResult> => {
    const requests = headers.map((header) => {
      const colon = header.indexOf(': ');
      return { method: 'GET' as const, path, headers: { [header.slice(0, colon)]: header.slice(colon + 2) } };
    });
    const result = await autocannon({
      url: `http://127.0.0.1:${port}`,
      connections,
      duration: seconds,
      requests,
      timeout: 10,
    });
    return {
      requests: result.requests.total,
      seconds: result.duration,
      failures: result.non2xx + result.errors,
      p50: result.latency.p50,
      p99: result.latency.p99,
    };
  },
};
