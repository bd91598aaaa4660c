import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { ApiProblems } from '../openapi/api-responses.decorator.ts';
import { KEPT_HOURS, KEY_MAX_LENGTH, KEY_PATTERN } from './idempotency-key.ts';
import { IDEMPOTENT, IdempotencyInterceptor, type IdempotentOptions } from './idempotency.interceptor.ts';

/**
 * Makes a POST safe to repeat: a copy with the same `Idempotency-Key` gets the first answer, and the handler isn't
 * called. The handler knows nothing of it, and a request without the header goes straight to it.
 *
 * Its rows and its answer are committed together, so the handler may only write to this database. One that waits for
 * something else, such as a payment, says `inTransaction: false`.
 *
 * An answer is JSON or nothing, and the headers that the handler sets. The module imports `IdempotencyModule`.
 *
 * @example
 * @Post()
 * @Idempotent({ operation: 'createNote', body: CreateNoteDto })
 * create(@Body() body: CreateNoteDto) { return this.notes.create(body); }
 */
export function Idempotent(options: IdempotentOptions): MethodDecorator {
  return applyDecorators(
    SetMetadata(IDEMPOTENT, options),
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        `Makes the request safe to repeat: for ${KEPT_HOURS} hours a copy with the same key gets the first answer, ` +
        'headers included. One key for one request.',
      schema: { type: 'string', minLength: 1, maxLength: KEY_MAX_LENGTH, pattern: KEY_PATTERN },
    }),
    ApiProblems(409, 422),
  );
}
