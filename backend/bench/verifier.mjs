// The built library's verifier without HTTP, for the scaling benchmarks: a process that is told what to do over IPC.
// Plain JavaScript, so that no loader stands between. Environment: API_DATABASE_URL, BETTER_AUTH_SECRET,
// BETTER_AUTH_URL, and CACHE=off for `cache: false`.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule, SessionVerifier } from '@session-guard/auth';
import { COMPOSITION } from '../../libs/session-auth/dist/auth.constants.js';
import { apiDataSourceOptions } from '../dist/database/data-source.options.js';

class VerifierModule {}
Module({
  imports: [
    TypeOrmModule.forRoot({
      ...apiDataSourceOptions(process.env.API_DATABASE_URL),
      autoLoadEntities: true,
      retryAttempts: 0,
    }),
    AuthModule.forRoot({
      baseURL: process.env.BETTER_AUTH_URL,
      secret: process.env.BETTER_AUTH_SECRET,
      jwt: false,
      cache: process.env.CACHE === 'off' ? false : { maxCredentials: 1_000_000 },
    }),
  ],
})(VerifierModule);

const app = await NestFactory.createApplicationContext(VerifierModule, { logger: ['error'] });
const verifier = app.get(SessionVerifier);
const headersOf = (client) => ({ authorization: `Bearer t${String(client).padStart(31, '0')}` });
const accepted = (verdict) => {
  if (!('identity' in verdict)) throw new Error(`refused: ${verdict.refused}`);
};
const now = () => performance.timeOrigin + performance.now();

/** Runs `step` in `strands` strands until it returns false. */
async function inStrands(strands, step) {
  await Promise.all(
    Array.from({ length: strands }, async () => {
      while (await step());
    }),
  );
}

const received = [];
let listening = false;

const tasks = {
  /** Sessions drawn at random from `sessions`, so that next to none is remembered. @returns lookups a second */
  async lookups({ sessions, seconds, strands }) {
    let count = 0;
    const start = performance.now();
    const end = start + seconds * 1_000;
    await inStrands(strands, async () => {
      accepted(await verifier.verify(headersOf(1 + Math.floor(Math.random() * sessions))));
      count += 1;
      return performance.now() < end;
    });
    return { perSecond: (count * 1_000) / (performance.now() - start) };
  },

  /** Looks the first `sessions` up. @returns bytes of heap a remembered one takes */
  async remember({ sessions, strands }) {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    let next = 0;
    await inStrands(strands, async () => {
      if (next === sessions) return false;
      accepted(await verifier.verify(headersOf((next += 1))));
      return true;
    });
    globalThis.gc();
    return { bytesEach: (process.memoryUsage().heapUsed - before) / sessions };
  },

  /** Verifies the first `sessions`, all of them remembered. @returns verdicts a second of processor time */
  async hits({ sessions, seconds }) {
    const headers = Array.from({ length: Math.min(sessions, 50_000) }, () =>
      headersOf(1 + Math.floor(Math.random() * sessions)),
    );
    const end = performance.now() + seconds * 1_000;
    const start = process.cpuUsage();
    let count = 0;
    while (performance.now() < end) {
      for (const each of headers) {
        const verdict = verifier.verify(each);
        if (verdict instanceof Promise) accepted(await verdict);
        count += 1;
      }
      // The channel's heartbeat needs a turn, or memory is not trusted.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { user, system } = process.cpuUsage(start);
    return { perSecond: (count * 1e6) / (user + system) };
  },

  /** From now on notes when each revocation arrived; memory has forgotten by then. */
  listen() {
    received.length = 0;
    if (listening) return {};
    listening = true;
    app.get(COMPOSITION).feed.subscribe(({ key }) => received.push([key, now()]));
    return {};
  },

  received: () => ({ received }),
};

process.on('message', ({ task, ...options }) => {
  Promise.resolve(tasks[task](options)).then(
    (result) => process.send({ result }),
    (error) => process.send({ error: String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
process.send({ ready: true });
