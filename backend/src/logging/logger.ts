import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../env.ts';

/** Where a credential could stand in anything we are given to log. A second net: no header is logged on purpose. */
const REDACTED = [
  'authorization',
  'cookie',
  'headers.authorization',
  'headers.cookie',
  'headers["set-cookie"]',
  'req.headers',
  'res.headers',
];

/** Bytes gathered for one write, and how long they wait at most: a write per line costs a tenth of the throughput. */
const BUFFER_BYTES = 8_192;
const FLUSH_MS = 250;

/** The process's logger, and what writes out the lines it still holds. */
export interface LogSink {
  readonly logger: Logger;
  /** Writes what is buffered; call before the process exits. */
  readonly flush: () => void;
}

/**
 * One logger for Fastify, Nest and our own code: JSON lines on standard output.
 *
 * @param destination Where lines go instead: what makes them pretty for a terminal, or collects them in a test.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): LogSink {
  const options = { level, base: null, redact: { paths: REDACTED, censor: '[redacted]' } };
  if (destination) return { logger: pino(options, destination), flush: () => undefined };
  const output = pino.destination({ dest: 1, sync: false, minLength: BUFFER_BYTES });
  setInterval(() => output.flush(), FLUSH_MS).unref();
  return { logger: pino(options, output), flush: () => output.flushSync() };
}
