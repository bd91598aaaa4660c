import type { AbstractWsAdapter } from '@nestjs/websockets';
import { rememberHandshake, type Handshake } from './socket.ts';

/**
 * Lets an adapter for plain WebSockets keep each client's upgrade request, where its credential is: ws hands it to
 * the connection listener and forgets it. Not needed with socket.io.
 *
 * @example app.useWebSocketAdapter(keepHandshakes(new WsAdapter(app)));
 */
export function keepHandshakes<Adapter extends AbstractWsAdapter>(adapter: Adapter): Adapter {
  const bind = adapter.bindClientConnect.bind(adapter);
  adapter.bindClientConnect = (server: Parameters<typeof bind>[0], callback: (...args: unknown[]) => void) => {
    bind(server, (client: object, handshake: Handshake, ...rest: unknown[]) => {
      rememberHandshake(client, handshake);
      callback(client, handshake, ...rest);
    });
  };
  return adapter;
}
