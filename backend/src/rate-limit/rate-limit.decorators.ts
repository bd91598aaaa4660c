import { applyDecorators, SetMetadata, type CustomDecorator } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { UNLIMITED_MARK } from '../openapi/api-responses.decorator.ts';

export const RATE_LIMIT = 'session-guard:rate-limit';

/** A limit of its own for a route or controller, in requests a minute. Counted apart from the general one. @example @RateLimit(5) */
export const RateLimit = (perMinute: number): CustomDecorator => SetMetadata(RATE_LIMIT, perMinute);

/** Takes a route or controller out of the limit, in the OpenAPI document too. */
export const NoRateLimit = (): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(RATE_LIMIT, false), ApiExtension(UNLIMITED_MARK, true));
