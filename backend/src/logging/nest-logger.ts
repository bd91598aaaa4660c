import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { databaseFailure } from '../http/errors/database-failure.ts';
import { describeFailure } from './failure.ts';

/** Nest's own messages through pino. Nest passes the context last, and for errors the stack before it. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    // Nest says every route and module at start: useful when looking for one, noise otherwise.
    this.logger.debug({ context: contextOf(rest) }, toText(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn({ context: contextOf(rest) }, toText(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const stack = rest.length > 1 ? String(rest[0]) : undefined;
    const failure = message instanceof Error ? describeFailure(message) : { ...(stack !== undefined && { stack }) };
    this.logger.error({ context: contextOf(rest), ...failure }, toText(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal({ context: contextOf(rest) }, toText(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ context: contextOf(rest) }, toText(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace({ context: contextOf(rest) }, toText(message));
  }
}

function contextOf(rest: readonly unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
}

function toText(message: unknown): string {
  // The message of a database error may hold what users wrote.
  if (message instanceof Error) return databaseFailure(message) === undefined ? message.message : 'a statement failed';
  return typeof message === 'string' ? message : JSON.stringify(message);
}
