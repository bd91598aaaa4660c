import { join } from 'node:path';
import sirv from 'sirv';

/** Where the browser asks for scripts, styles and fonts. */
const PREFIX = '/_next/static';

/**
 * Serves scripts, styles and fonts from the build's own directory, as the build compressed them (scripts/build.ts).
 * Their names change with their content, so that a browser keeps them for a year.
 *
 * @param {string} root the application's directory
 * @returns {(
 *   request: import('node:http').IncomingMessage,
 *   response: import('node:http').ServerResponse,
 *   next: () => void,
 * ) => void}
 *   calls `next` for whatever isn't such a file
 */
export function staticFiles(root) {
  const files = sirv(join(root, '.next', 'static'), {
    brotli: true,
    gzip: true,
    etag: true,
    maxAge: 31_536_000,
    immutable: true,
    setHeaders: (response) => response.setHeader('X-Content-Type-Options', 'nosniff'),
  });
  return (request, response, next) => {
    const { url = '/' } = request;
    const mayBeFile = url.startsWith(`${PREFIX}/`) && (request.method === 'GET' || request.method === 'HEAD');
    if (!mayBeFile) return next();
    request.url = url.slice(PREFIX.length);
    files(request, response, () => {
      request.url = url;
      next();
    });
  };
}
