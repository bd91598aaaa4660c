import type { ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Characters of an answer below which it isn't worth watching: the operating system takes it whole. */
const LARGE_CHARACTERS = 16_384;
/** Characters of large answers that may be on their way to readers, all together. */
const TOTAL_CHARACTERS = 64 * 1_048_576;

/**
 * Bounds what a process keeps of answers that nobody reads. A client that asks for large pages over many connections
 * and leaves them in the network would otherwise fill the memory within its request limit. Beyond the bound the oldest
 * answer's connection is closed: whoever reads has long had theirs.
 *
 * @param total characters of all large answers; for tests
 */
export function boundUnreadAnswers(fastify: FastifyInstance, total = TOTAL_CHARACTERS): void {
  const logger = new Logger('UnreadAnswers');
  const unread = new Map<ServerResponse, number>();
  let characters = 0;
  fastify.addHook('onSend', (_request, { raw }, payload, done) => {
    if (typeof payload === 'string' && payload.length >= LARGE_CHARACTERS && !raw.destroyed) {
      characters += payload.length;
      unread.set(raw, payload.length);
      raw.once('close', () => {
        characters -= unread.get(raw) ?? 0;
        unread.delete(raw);
      });
      for (const [oldest, length] of unread) {
        if (characters <= total || oldest === raw) break;
        characters -= length;
        unread.delete(oldest);
        logger.warn('Too many answers wait for their readers: the oldest was given up.');
        oldest.destroy();
      }
    }
    done(null, payload);
  });
}
