import type { INestApplication, Type } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { AuthModuleOptions } from '@session-guard/auth';
import { createTestApp } from '@session-guard/auth/testing';
import { keepHandshakes, webSocketContext } from '@session-guard/auth/websockets';
import type { Credential } from './cases.ts';
import { routesFor, type Seen } from './routes.ts';
import { connectIo, connectWs, type Client } from './socket.clients.ts';
import type { Transport } from './suite.ts';

function gateway(): Type {
  const Routes = routesFor((name) => SubscribeMessage(name));
  WebSocketGateway()(Routes);
  return Routes;
}

function sockets(
  name: string,
  configure: (app: INestApplication) => void,
  connect: (app: INestApplication, headers: Credential) => Promise<Client>,
  options: Partial<AuthModuleOptions>,
): Transport {
  return {
    name,
    start: async (world) => {
      const app = await createTestApp(
        { imports: world.modules({ ...options, contexts: [webSocketContext()] }), providers: [gateway()] },
        { configure },
      );
      await app.listen(0, '127.0.0.1');
      return app;
    },
    ask: async (app, route, credential) => {
      const client = await connect(app, credential);
      try {
        const { answer, exception } = await client.send(route);
        if (answer !== undefined) return { status: 200, seen: JSON.parse(answer) as Seen, raw: answer };
        return { status: exception?.status ?? 500, code: exception?.code, raw: JSON.stringify(exception) };
      } finally {
        client.close();
      }
    },
  };
}

/** Gateways of socket.io. @param options of the application beside the suite's own */
export function overSocketIo(options: Partial<AuthModuleOptions> = {}): Transport {
  return sockets('socket.io', () => undefined, connectIo, options);
}

/** Gateways of ws. @param options as of {@link overSocketIo} */
export function overWs(options: Partial<AuthModuleOptions> = {}): Transport {
  return sockets('ws', (app) => app.useWebSocketAdapter(keepHandshakes(new WsAdapter(app))), connectWs, options);
}
