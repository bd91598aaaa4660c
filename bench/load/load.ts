/** How the load is made. */
export interface LoadOptions {
  readonly port: number;
  readonly path: string;
  /** One header each, as `Name: value`; the clients take turns. */
  readonly headers: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

/** What came of it. */
export interface LoadResult {
  readonly requests: number;
  /** Seconds it took. */
  readonly seconds: number;
  /** Answers other than 2xx, and connections that broke. */
  readonly failures: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Makes load by one tool. */
export interface LoadTool {
  readonly name: string;
  run(options: LoadOptions): Promise<LoadResult>;
}
