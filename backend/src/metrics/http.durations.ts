/** Upper bounds of the buckets, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

interface Series {
  readonly labels: string;
  /** Observations by bucket; the last is +Inf. */
  readonly counts: Float64Array;
  sum: number;
}

/**
 * Prometheus histogram of request durations. prom-client hashes the labels of every observation, which costs more
 * than a verdict from memory: here a series is found by two map lookups and written out when it is asked for.
 */
export class HttpDurations {
  readonly #routes = new Map<string, Map<number, Series>>();

  /** @param route `<method> <route pattern>`, never a path with ids */
  observe(route: string, status: number, seconds: number): void {
    let statuses = this.#routes.get(route);
    if (!statuses) this.#routes.set(route, (statuses = new Map<number, Series>()));
    let series = statuses.get(status);
    if (!series) statuses.set(status, (series = newSeries(route, status)));
    let bucket = 0;
    while (bucket < BUCKETS.length && seconds > (BUCKETS[bucket] ?? 0)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  }

  /** In Prometheus' text format. */
  expose(): string {
    const lines = [
      '# HELP http_request_duration_seconds Time from a request to its response.',
      '# TYPE http_request_duration_seconds histogram',
    ];
    for (const statuses of this.#routes.values())
      for (const series of statuses.values()) lines.push(...exposeSeries(series));
    return `${lines.join('\n')}\n`;
  }
}

function newSeries(route: string, status: number): Series {
  const space = route.indexOf(' ');
  const method = route.slice(0, space);
  const path = route.slice(space + 1).replaceAll(/["\\\n]/g, '');
  const labels = `method="${method}",route="${path}",status="${status}"`;
  return { labels, counts: new Float64Array(BUCKETS.length + 1), sum: 0 };
}

function exposeSeries({ labels, counts, sum }: Series): string[] {
  let total = 0;
  const buckets = Array.from(counts, (count, index) => {
    total += count;
    return `http_request_duration_seconds_bucket{${labels},le="${BUCKETS[index] ?? '+Inf'}"} ${total}`;
  });
  return [
    ...buckets,
    `http_request_duration_seconds_sum{${labels}} ${sum}`,
    `http_request_duration_seconds_count{${labels}} ${total}`,
  ];
}
