// One form of `context.ts`, measured in a process of its own. Plain JavaScript and the built library, as in production.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { openScope } from '../dist/context/request.scope.js';

const [form, requests] = [process.argv[2], Number(process.argv[3])];

class VerifyingGuard {
  canActivate(context) {
    context.getArgByIndex(0).user = { id: 'user-1' };
    return true;
  }
}

class MeController {
  me() {
    return { data: { id: 'user-1', name: 'Ada Lovelace', createdAt: '2030-01-01T00:00:00.000Z' } };
  }
}
Get()(MeController.prototype, 'me', Object.getOwnPropertyDescriptor(MeController.prototype, 'me'));
Controller('me')(MeController);

class AppModule {}
Module({
  controllers: [MeController],
  providers: [{ provide: APP_GUARD, useClass: VerifyingGuard }],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false, abortOnError: false });
const fastify = app.getHttpAdapter().getInstance();
if (form === '@session-guard/isolation') {
  fastify.addHook('preHandler', (request, reply, done) => openScope(request, reply.raw, ({ user }) => user?.id, done));
}
await app.init();
await fastify.ready();

async function run(count) {
  const start = process.cpuUsage();
  for (let n = 0; n < count; n += 1) {
    const { statusCode } = await fastify.inject('/me');
    if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / count;
}
await run(requests / 4);
process.stdout.write(String(await run(requests)));
await app.close();
