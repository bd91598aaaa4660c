import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { ValidationPipe } from '../http/input/validation.pipe.ts';
import { type Answer, IdempotencyService } from './idempotency.service.ts';

export const IDEMPOTENT = 'session-guard:idempotent';

/** What `@Idempotent()` is told of a handler. */
export interface IdempotentOptions {
  /** Tells requests of one key apart, with the body. Stays when the handler is renamed: keys outlive a deployment. */
  readonly operation: string;
  /** The class of the handler's `@Body()`. */
  readonly body: Type<object>;
  /**
   * Whether rows and answer are committed together; the handler then waits for nothing but this database.
   *
   * @default true
   */
  readonly inTransaction?: boolean;
}

const validation = new ValidationPipe();

/** Runs the handler of a request with an `Idempotency-Key` once, and gives its copies the same answer. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly idempotency: IdempotencyService) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const { headers, body } = http.getRequest<FastifyRequest>();
    const key = headers['idempotency-key'];
    if (key === undefined) return next.handle();
    const options = Reflect.getMetadata(IDEMPOTENT, context.getHandler()) as IdempotentOptions;
    // Nest runs pipes after interceptors. What they will refuse must neither take a key nor begin a transaction.
    const valid = await validation.transform(body, { type: 'body', metatype: options.body });
    const reply = http.getResponse<FastifyReply>();
    const before = reply.getHeaders();
    const run = async (): Promise<Answer<unknown>> => ({
      body: await lastValueFrom<unknown, unknown>(next.handle(), { defaultValue: undefined }),
      headers: headersSince(before, reply),
    });
    try {
      const way = options.inTransaction === false ? 'once' : 'onceInTransaction';
      const answer = await this.idempotency[way](String(key), [options.operation, valid], run);
      reply.headers(answer.headers);
      return of(answer.body);
    } catch (error) {
      // What the handler said of rows that were rolled back.
      for (const name of Object.keys(headersSince(before, reply))) reply.removeHeader(name);
      throw error;
    }
  }
}

/** The headers that were set meanwhile. */
function headersSince(
  before: Readonly<Record<string, unknown>>,
  reply: FastifyReply,
): Record<string, string | string[]> {
  const set: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value === undefined || value === before[name]) continue;
    set[name] = Array.isArray(value) ? value : String(value);
  }
  return set;
}
