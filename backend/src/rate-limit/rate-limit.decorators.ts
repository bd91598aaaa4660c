import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const RATE_LIMIT = 'session-guard:rate-limit';

/** A limit of its own for a route or controller, in requests a minute. Counted apart from the general one. @example @RateLimit(5) */
export const RateLimit = (perMinute: number): CustomDecorator => SetMetadata(RATE_LIMIT, perMinute);

/** Takes a route or controller out of the limit. */
export const NoRateLimit = (): CustomDecorator => SetMetadata(RATE_LIMIT, false);
