import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { ApiProblems } from '../openapi/api-responses.decorator.ts';

/** Documents the `Idempotency-Key` header of a POST and the errors it brings. */
export function ApiIdempotencyKey(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Makes the request safe to repeat: for 24 hours a copy with the same key gets the first answer, headers included. One key for one request.',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7E]{1,255}$', example: '5f1d7a0c-6f5e-4a43-9d58-2b8f6f0f7f11' },
    }),
    ApiProblems(409, 422),
  );
}
