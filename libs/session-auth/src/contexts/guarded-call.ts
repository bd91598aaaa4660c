import type { ExecutionContext } from '@nestjs/common';
import type { GuardedRequest } from '../auth.types.ts';
import type { RouteRules } from '../decorators/route-rules.ts';
import type { ContextAdapter } from './context.adapter.ts';

/** One request, message or operation that the guard judges. */
export interface GuardedCall {
  readonly context: ExecutionContext;
  readonly adapter: ContextAdapter;
  readonly rules: RouteRules;
  readonly request: GuardedRequest;
}
