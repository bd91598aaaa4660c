import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { ApiProblems } from '../openapi/api-responses.decorator.ts';

/** Documents the `Idempotency-Key` header of a POST and the errors it brings. */
export function ApiIdempotencyKey(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Makes the request safe to repeat: for 24 hours a copy with the same key gets the first answer, headers included. One key for one request.',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7E]{1,255}$' },
    }),
    ApiProblems(409, 422),
  );
}
