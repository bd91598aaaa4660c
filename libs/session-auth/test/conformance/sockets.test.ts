import { overSocketIo, overWs } from './socket.transports.ts';
import { conformance } from './suite.ts';

conformance(overSocketIo());
conformance(overWs());
