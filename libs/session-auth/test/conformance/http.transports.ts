import type { Server } from 'node:http';
import { All, Controller, Sse, type INestApplication, type Type } from '@nestjs/common';
import request from 'supertest';
import type { AuthModuleOptions } from '@session-guard/auth';
import { createTestApp } from '@session-guard/auth/testing';
import type { Credential } from './cases.ts';
import { routesFor, type RouteName, type Seen } from './routes.ts';
import type { Answer, Transport } from './suite.ts';

/** Every route of the suite, as the decorator reaches it. */
export function controllerOf(reach: Parameters<typeof routesFor>[0]): Type {
  const Routes = routesFor(reach);
  Controller()(Routes);
  return Routes;
}

/** Ordinary routes. @param options of the application beside the suite's own */
export function overHttp(
  platform: 'fastify' | 'express',
  method: 'get' | 'post' = 'get',
  options: Partial<AuthModuleOptions> = {},
): Transport {
  return {
    name: `${platform} ${method.toUpperCase()}`,
    readsOnly: method === 'get',
    start: (world) =>
      createTestApp({ imports: world.modules(options), controllers: [controllerOf(All)] }, { platform }),
    ask: async (app: INestApplication, route: RouteName, credential: Credential): Promise<Answer> => {
      const response = await request(app.getHttpServer() as Server)
        [method](`/${route}`)
        .set(credential);
      const raw = response.text;
      if (response.status === 200 || response.status === 201)
        return { status: 200, seen: JSON.parse(raw) as Seen, raw };
      return { status: response.status, code: (JSON.parse(raw) as { code?: string }).code, raw };
    },
  };
}

export const eventStream: Transport = {
  name: 'fastify, server-sent events',
  readsOnly: true,
  start: (world) => createTestApp({ imports: world.modules(), controllers: [controllerOf(Sse)] }),
  ask: async (app, route, credential) => {
    const response = await request(app.getHttpServer() as Server)
      .get(`/${route}`)
      .set(credential)
      .buffer(true);
    const raw = response.text;
    if (response.status !== 200)
      return { status: response.status, code: (JSON.parse(raw) as { code?: string }).code, raw };
    expect(response.headers['content-type']).toContain('text/event-stream');
    const data = /^data: (.*)$/m.exec(raw)?.[1] ?? 'null';
    return { status: 200, seen: JSON.parse(data) as Seen, raw };
  },
};
