import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ENV } from '../env.module.ts';
import { EnvError, type Env } from '../env.ts';
import { ApiMetrics, type PoolCounts } from './api.metrics.ts';

/** Milliseconds after which a reader that takes nothing is disconnected. */
const IDLE_TIMEOUT_MS = 30_000;

/** Serves `GET /metrics` on a port of its own, which is never the public one. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  #server: Server | undefined;

  constructor(
    private readonly metrics: ApiMetrics,
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { metricsPort, metricsHost } = this.env;
    if (metricsPort === undefined) return;
    const { driver } = this.dataSource;
    if ('master' in driver && isPool(driver.master)) this.metrics.watchPool(driver.master);
    const server = createServer((request, response) => void this.#answer(request, response));
    server.setTimeout(IDLE_TIMEOUT_MS);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: Error & { code?: string }) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new EnvError([{ key: 'METRICS_PORT', fix: 'is taken by another process: choose another port, or off' }])
            : error,
        ),
      );
      server.listen(metricsPort, metricsHost, resolve);
    });
    this.#server = server;
  }

  onApplicationShutdown(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  /** Where it listens; undefined when metrics are off. */
  get port(): number | undefined {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    try {
      const text = await this.metrics.expose();
      response.writeHead(200, { 'content-type': this.metrics.contentType }).end(text);
    } catch {
      response.writeHead(500).end();
    }
  }
}

function isPool(value: unknown): value is PoolCounts {
  return (
    typeof value === 'object' &&
    value !== null &&
    'totalCount' in value &&
    'idleCount' in value &&
    'waitingCount' in value
  );
}
