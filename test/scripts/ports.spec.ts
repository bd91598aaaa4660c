import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort, isPortFree } from '../../scripts/ports.ts';

it('a port is busy while somebody listens on it, and free before and after', async () => {
  const port = await freePort();
  expect(await isPortFree(port)).toBe(true);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(await isPortFree(port)).toBe(false);
  server.close();
  await once(server, 'close');
  expect(await isPortFree(port)).toBe(true);
});

it('a server on all addresses makes the port busy on loopback too', async () => {
  const server = createServer().listen(0);
  await once(server, 'listening');
  expect(await isPortFree((server.address() as { port: number }).port, '127.0.0.1')).toBe(false);
  server.close();
});

it('an address this machine does not have keeps nobody from starting', async () => {
  expect(await isPortFree(await freePort(), '192.0.2.1')).toBe(true);
});
