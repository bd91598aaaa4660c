import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { GuardedRequest } from './session-lookup.guard.ts';

export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<GuardedRequest>().user,
);
