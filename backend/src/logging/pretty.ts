import { PinoPretty } from 'pino-pretty';
import type { DestinationStream } from 'pino';

/** Lines for people, written at once. */
export function pretty(): DestinationStream {
  return PinoPretty({ sync: true, colorize: true, translateTime: 'SYS:HH:MM:ss.l', singleLine: true });
}
