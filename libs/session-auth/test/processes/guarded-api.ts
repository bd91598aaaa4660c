/**
 * One API process of the revocation suites: a guarded route, and what its verifier did. Configured by the
 * environment because it is a process of its own: DATABASE_URL, LISTEN_URL (optional). Prints its port when ready.
 */
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AllowAnonymous, CurrentUser, type AuthObserver } from '@session-guard/auth';
import type { AddressInfo } from 'node:net';
import { authImports } from '../fixture.ts';

const seen = { memory: 0, database: 0, channel: 'lost' as string, losses: 0 };

const observer: AuthObserver = {
  verdict: (_result, source) => {
    if (source !== 'none') seen[source] += 1;
  },
  channel: (state) => {
    seen.channel = state;
    if (state === 'lost') seen.losses += 1;
  },
};

@Controller()
class ProbeController {
  @Get('me')
  me(@CurrentUser('id') id: string) {
    return { id };
  }

  @AllowAnonymous()
  @Get('seen')
  seen() {
    return seen;
  }
}

const listenUrl = process.env['LISTEN_URL'];

@Module({
  imports: authImports(process.env['DATABASE_URL'] ?? '', { observer, ...(listenUrl ? { listenUrl } : {}) }),
  controllers: [ProbeController],
})
class ProbeModule {}

const app = await NestFactory.create<NestFastifyApplication>(ProbeModule, new FastifyAdapter(), { logger: ['error'] });
await app.listen(0, '127.0.0.1');
console.log(`port ${(app.getHttpServer().address() as AddressInfo).port}`);
// The suite holds our standard input open: when it dies, however it dies, so do we.
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
