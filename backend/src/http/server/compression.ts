import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** What is long and repeats itself. Everything else fits in a packet or two, where compressing costs more than it saves. */
const WORTH_IT: ReadonlySet<string> = new Set(['/api/tasks', '/api/openapi.json']);
/** Bytes below which a response goes as it is. */
const THRESHOLD = 2_048;

/** Compresses long answers of the routes where it pays; the others get no hook at all. */
export async function addCompression(fastify: FastifyInstance): Promise<void> {
  fastify.addHook('onRoute', (route) => {
    if (WORTH_IT.has(route.url) && route.method === 'GET') route.compress = { threshold: THRESHOLD };
  });
  await fastify.register(compress, {
    global: false,
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [BROTLI_QUALITY]: 4 } },
  });
}

/** zlib's BROTLI_PARAM_QUALITY; 11, its default, is for files that are compressed once. */
const BROTLI_QUALITY = 1;
