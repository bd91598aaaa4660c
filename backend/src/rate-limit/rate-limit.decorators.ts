import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { markRoute } from '../http/server/route.marks.ts';
import { UNLIMITED_MARK } from '../openapi/api-responses.decorator.ts';

export const RATE_LIMIT = 'session-guard:rate-limit';

/**
 * A limit of its own for a route or controller, in requests a minute. Counted apart from the general one.
 *
 * @example @RateLimit(5)
 */
export const RateLimit = (perMinute: number): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(RATE_LIMIT, perMinute), markRoute({ isUnlimited: false }));

/** Takes a route or controller out of the limit, in the OpenAPI document too. */
export const NoRateLimit = (): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(RATE_LIMIT, false), markRoute({ isUnlimited: true }), ApiExtension(UNLIMITED_MARK, true));
