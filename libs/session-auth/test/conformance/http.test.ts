import { All, Controller, Sse, type INestApplication, type Type } from '@nestjs/common';
import request from 'supertest';
import { createTestApp } from '@session-guard/auth/testing';
import type { Credential } from './cases.ts';
import { routesFor, type RouteName, type Seen } from './routes.ts';
import { conformance, type Answer, type Transport } from './suite.ts';

function controllerOf(reach: Parameters<typeof routesFor>[0]): Type {
  const Routes = routesFor(reach);
  Controller()(Routes);
  return Routes;
}

function http(platform: 'fastify' | 'express', method: 'get' | 'post' = 'get'): Transport {
  return {
    name: `${platform} ${method.toUpperCase()}`,
    readsOnly: method === 'get',
    start: (world) => createTestApp({ imports: world.modules(), controllers: [controllerOf(All)] }, { platform }),
    ask: async (app: INestApplication, route: RouteName, credential: Credential): Promise<Answer> => {
      const response = await request(app.getHttpServer())[method](`/${route}`).set(credential);
      const raw = response.text;
      if (response.status === 200 || response.status === 201)
        return { status: 200, seen: JSON.parse(raw) as Seen, raw };
      return { status: response.status, code: (JSON.parse(raw) as { code?: string }).code, raw };
    },
  };
}

const eventStream: Transport = {
  name: 'fastify, server-sent events',
  readsOnly: true,
  start: (world) => createTestApp({ imports: world.modules(), controllers: [controllerOf(Sse)] }),
  ask: async (app, route, credential) => {
    const response = await request(app.getHttpServer()).get(`/${route}`).set(credential).buffer(true);
    const raw = response.text;
    if (response.status !== 200)
      return { status: response.status, code: (JSON.parse(raw) as { code?: string }).code, raw };
    expect(response.headers['content-type']).toContain('text/event-stream');
    const data = /^data: (.*)$/m.exec(raw)?.[1] ?? 'null';
    return { status: 200, seen: JSON.parse(data) as Seen, raw };
  },
};

conformance(http('fastify'));
conformance(http('fastify', 'post'));
conformance(http('express'));
conformance(eventStream);
