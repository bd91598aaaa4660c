export { keepHandshakes } from './keep-handshakes.ts';
export { SessionSockets } from './session-sockets.ts';
export type { Farewell, Handshake, Socket } from './socket.ts';
export { webSocketContext } from './websocket.context.ts';
