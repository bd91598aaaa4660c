import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { ISOLATION_OPTIONS, type IsolatedRequest, type IsolationOptions, verifiedUser } from '../isolation.options.ts';
import { runInScope } from './owner.context.ts';

/**
 * Scopes a handler that isn't reached by an HTTP request to its verified user: WebSocket gateways, message patterns.
 * HTTP routes, GraphQL over HTTP included, are scoped already. As with a request, work that goes on after the handler
 * has answered has no user.
 *
 * @example
 * // guardedRequest is exported by @session-guard/auth: it finds the socket's user
 * IsolationModule.forRoot({ requestOf: guardedRequest })
 *
 * @UseInterceptors(OwnerInterceptor) @SubscribeMessage('tasks') list() { return this.tasks.find(); }
 */
@Injectable()
export class OwnerInterceptor implements NestInterceptor {
  constructor(@Inject(ISOLATION_OPTIONS) private readonly options: IsolationOptions) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = this.requestOf(context);
    const ownerOf = this.options.ownerOf ?? verifiedUser;
    return new Observable((subscriber) => {
      let over = false;
      subscriber.add(() => {
        over = true;
      });
      return runInScope({ owner: () => (over ? undefined : ownerOf(request)) }, () =>
        next.handle().subscribe(subscriber),
      );
    });
  }

  /** The object on which a guard has put the user. */
  protected requestOf(context: ExecutionContext): IsolatedRequest {
    return this.options.requestOf?.(context) ?? context.getArgByIndex<IsolatedRequest>(0);
  }
}
