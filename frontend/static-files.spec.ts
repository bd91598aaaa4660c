import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { compressFiles } from './scripts/compress-files.ts';
import { staticFiles } from './static-files.mjs';

const SCRIPT = `console.log(${JSON.stringify('a'.repeat(5_000))});`;
let root: string;
let server: Server;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'session-guard-static-'));
  const chunks = join(root, '.next', 'static', 'chunks');
  mkdirSync(chunks, { recursive: true });
  writeFileSync(join(root, '.next', 'secret.js'), 'secret');
  writeFileSync(join(chunks, 'page.js'), SCRIPT);
  await compressFiles(join(root, '.next', 'static'));
  const files = staticFiles(root);
  server = createServer((incoming, response) =>
    files(incoming, response, () => response.writeHead(404).end(`Next: ${incoming.url}`)),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await new Promise<void>((done) => server.close(() => done()));
  rmSync(root, { recursive: true, force: true });
});

interface Got {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Neither decodes the answer nor tidies up the path, as `fetch` would. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('scripts, styles and fonts', () => {
  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('are served compressed as %s to browsers that take it', async (encoding, decompress) => {
    const { status, headers, body } = await get('/_next/static/chunks/page.js', { 'accept-encoding': encoding });
    expect(status).toBe(200);
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['content-type']).toMatch(/javascript/);
    expect(headers['vary']).toMatch(/accept-encoding/i);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(body.length).toBeLessThan(300);
    expect(decompress(body).toString()).toBe(SCRIPT);
  });

  it('are served as they are to everybody else', async () => {
    const { headers, body } = await get('/_next/static/chunks/page.js');
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.toString()).toBe(SCRIPT);
  });

  it('are kept for a year, and known again', async () => {
    const { headers } = await get('/_next/static/chunks/page.js', { 'accept-encoding': 'br' });
    expect(headers['cache-control']).toBe('public,max-age=31536000,immutable');
    const again = await get('/_next/static/chunks/page.js', {
      'accept-encoding': 'br',
      'if-none-match': String(headers['etag']),
    });
    expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) });
  });

  it.each([
    '/_next/static/chunks/other.js',
    '/_next/static/../secret.js',
    '/_next/static/%2e%2e/secret.js',
    '/_next/static/%',
    '/tasks',
    '/_next/static',
  ])('leave %s to Next, which sees the path as it came', async (path) => {
    expect((await get(path)).body.toString()).toBe(`Next: ${path}`);
  });

  it('are read and not written', async () => {
    expect((await get('/_next/static/chunks/page.js', {}, 'POST')).body.toString()).toBe(
      'Next: /_next/static/chunks/page.js',
    );
    expect((await get('/_next/static/chunks/page.js', {}, 'HEAD')).body.length).toBe(0);
  });
});
