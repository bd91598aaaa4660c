/**
 * One contender in a process of its own: a Nest application with two routes behind somebody's guard, and nothing else.
 */
import 'reflect-metadata';
import { Module, type CanActivate, type DynamicModule, type Type } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '@thallesp/nestjs-better-auth';
import { createAuth } from './better-auth.ts';
import { BenchController, IDENTITY_OF } from './bench.controller.ts';
import { SessionEntity, TaskEntity, UserEntity } from './entities.ts';
import {
  CachedGetSessionGuard,
  FindOneGuard,
  HmacStrategy,
  JoseGuard,
  OpenGuard,
  PassportGuard,
  PlainGetSessionGuard,
} from './guards.ts';
import type { GuardedRequest, Identity } from './identity.ts';
import { readSetting } from './setting.ts';

interface Peer {
  readonly platform: 'fastify' | 'express';
  readonly guard?: Type<CanActivate>;
  readonly imports?: () => DynamicModule[];
  readonly providers?: Type[];
  readonly identityOf?: (request: GuardedRequest) => Identity;
}

const setting = readSetting();
const thallesp = (platform: Peer['platform']): Peer => ({
  platform,
  imports: () => [AuthModule.forRoot({ auth: createAuth(setting) })],
  identityOf: (request) => (request as unknown as { session: Identity }).session,
});

const PEERS: Readonly<Record<string, Peer>> = {
  bare: { platform: 'fastify', guard: OpenGuard },
  'bare-express': { platform: 'express', guard: OpenGuard },
  'find-one': { platform: 'fastify', guard: FindOneGuard },
  jose: { platform: 'fastify', guard: JoseGuard },
  passport: {
    platform: 'express',
    guard: PassportGuard,
    imports: () => [PassportModule.register({})],
    providers: [HmacStrategy],
    identityOf: (request) => (request as unknown as { user: Identity }).user,
  },
  'get-session': { platform: 'fastify', guard: PlainGetSessionGuard },
  'get-session-cached': { platform: 'fastify', guard: CachedGetSessionGuard },
  'thallesp-fastify': thallesp('fastify'),
  'thallesp-express': thallesp('express'),
};

const peer = PEERS[setting.peer];
if (!peer) throw new Error(`There is no contender '${setting.peer}'.`);
const fromRequest = ({ identity }: GuardedRequest): Identity => {
  if (!identity) throw new Error('No guard has run.');
  return identity;
};

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: setting.databaseUrl,
      entities: [UserEntity, SessionEntity, TaskEntity],
      synchronize: false,
      extra: { max: 10 },
    }),
    TypeOrmModule.forFeature([SessionEntity, TaskEntity]),
    ...(peer.imports?.() ?? []),
  ],
  controllers: [BenchController],
  providers: [
    { provide: IDENTITY_OF, useValue: peer.identityOf ?? fromRequest },
    ...(peer.guard ? [{ provide: APP_GUARD, useClass: peer.guard }] : []),
    ...(peer.providers ?? []),
  ],
})
class PeerModule {}

const options = { logger: ['error'] as ['error'], bodyParser: false };
const app =
  peer.platform === 'express'
    ? await NestFactory.create(PeerModule, new ExpressAdapter(), options)
    : await NestFactory.create<NestFastifyApplication>(PeerModule, new FastifyAdapter(), options);
await app.listen(setting.port, '127.0.0.1');
console.log('listening');
process.once('SIGTERM', () => process.exit(0));
