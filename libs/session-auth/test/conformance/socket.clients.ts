import type { INestApplication } from '@nestjs/common';
import { io, type Socket as IoClient } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { Credential } from './cases.ts';

/** What a gateway sent back to one message. */
export interface Reply {
  /** The handler's answer, or undefined when an `exception` came instead. */
  readonly answer?: string;
  readonly exception?: { readonly status?: number; readonly code?: string };
}

/** A connected client of either platform. */
export interface Client {
  send(message: string): Promise<Reply>;
  /** Resolves when the server closes the connection, with ws's code or socket.io's reason. */
  readonly closed: Promise<number | string>;
  /** Events the server sent unasked, as they came. */
  readonly heard: [name: string, data: unknown][];
  close(): void;
}

/** Where an application listens. */
async function addressOf(app: INestApplication): Promise<string> {
  const url = await app.getUrl();
  return url.replace('[::1]', '127.0.0.1');
}

/** Connects a plain WebSocket. */
export async function connectWs(app: INestApplication, headers: Credential): Promise<Client> {
  const socket = new WebSocket((await addressOf(app)).replace('http', 'ws'), { headers });
  const heard: Client['heard'] = [];
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (code) => resolve(code));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  return {
    heard,
    closed,
    close: () => socket.terminate(),
    send: (message) =>
      new Promise<Reply>((resolve) => {
        socket.once('message', (data: Buffer) => {
          const received = JSON.parse(data.toString()) as string | { event: string; data: Reply['exception'] & object };
          if (typeof received === 'string') return resolve({ answer: received });
          heard.push([received.event, received.data]);
          resolve({ exception: received.data });
        });
        socket.send(JSON.stringify({ event: message }));
      }),
  };
}

/** Connects a socket.io client. @param auth its `auth` option, sent in the handshake */
export async function connectIo(
  app: INestApplication,
  headers: Credential,
  auth?: Record<string, unknown>,
): Promise<Client> {
  const socket: IoClient = io(await addressOf(app), {
    transports: ['websocket'],
    extraHeaders: { ...headers },
    reconnection: false,
    forceNew: true,
    ...(auth ? { auth } : {}),
  });
  const heard: Client['heard'] = [];
  socket.onAny((name: string, data: unknown) => heard.push([name, data]));
  const closed = new Promise<string>((resolve) => {
    socket.once('disconnect', (reason) => resolve(reason));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
  return {
    heard,
    closed,
    close: () => socket.disconnect(),
    send: (message) =>
      new Promise<Reply>((resolve) => {
        const onException = (exception: Reply['exception'] & object) => resolve({ exception });
        socket.once('exception', onException);
        socket.emit(message, null, (answer: string) => {
          socket.off('exception', onException);
          resolve({ answer });
        });
      }),
  };
}
