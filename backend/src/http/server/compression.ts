import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';
import { DOCUMENT_PATH } from '../../api.paths.ts';

/** Bytes below which a response goes as it is. */
const THRESHOLD_BYTES = 2_048;
/** zlib's BROTLI_PARAM_QUALITY; 11, its default, is for files that are compressed once. */
const BROTLI_QUALITY = 1;

/** Compresses long answers of `@Compressed()` handlers and the OpenAPI document; other routes get no hook at all. */
export async function addCompression(fastify: FastifyInstance): Promise<void> {
  fastify.addHook('onRoute', (route) => {
    const isCompressed = route.config?.isCompressed === true || route.url === DOCUMENT_PATH;
    if (isCompressed && route.method === 'GET') route.compress = { threshold: THRESHOLD_BYTES };
  });
  await fastify.register(compress, {
    global: false,
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [BROTLI_QUALITY]: 4 } },
  });
}
