import { AsyncResource } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';

/**
 * Writes the answers that one turn of the event loop made at the end of that turn, together.
 *
 * A write wakes whoever waits at the other end. Written one by one, each answer wakes a reader that went to sleep
 * since the one before, and on the same machine (a proxy, a sidecar) waking costs several times what the request did.
 * Alone, an answer waits for nothing: the turn ends at once.
 */
export function batchResponses(fastify: FastifyInstance): void {
  // Outside of every request: the one that begins a turn must not lend its user to the others in it.
  const turn = new AsyncResource('ResponseBatching');
  let ready: (() => void)[] = [];
  const write = (): void => {
    const batch = ready;
    ready = [];
    for (const answer of batch) answer();
  };
  fastify.addHook('onSend', (_request, _reply, payload, done) => {
    // What is not text yet is still read, as its request's user.
    if (typeof payload !== 'string') done(null, payload);
    else if (ready.push(() => done(null, payload)) === 1) turn.runInAsyncScope(setImmediate, undefined, write);
  });
}
