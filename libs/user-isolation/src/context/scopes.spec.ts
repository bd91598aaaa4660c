import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { firstValueFrom, Observable, Subject } from 'rxjs';
import type { IsolatedRequest, IsolationOptions } from '../isolation.options.ts';
import { currentOwner, currentScope, runInScope } from './owner.context.ts';
import { OwnerInterceptor } from './owner.interceptor.ts';
import { openScope } from './request.scope.ts';

it('outside of every scope there is no owner', () => {
  expect([currentScope(), currentOwner()]).toEqual([undefined, undefined]);
});

it('the innermost scope holds, through what is awaited, and ends with its work', async () => {
  const as = <T>(id: string, work: () => T): T => runInScope({ owner: () => id }, work);
  const seen = await as('ada', async () => [
    currentOwner(),
    await as('ben', async () => (await Promise.resolve(), currentOwner())),
    currentOwner(),
  ]);
  expect(seen).toEqual(['ada', 'ben', 'ada']);
  expect(currentOwner()).toBeUndefined();
});

it('a request’s owner is asked for at each use, and is nobody once the answer is sent', () => {
  const request: { user?: { id: string } } = {};
  const response = { writableEnded: false };
  let wentOn = false;
  openScope(
    request,
    response,
    ({ user }) => user?.id,
    () => {
      expect(currentOwner()).toBeUndefined();
      request.user = { id: 'ada' };
      expect(currentOwner()).toBe('ada');
      response.writableEnded = true;
      expect(currentOwner()).toBeUndefined();
      wentOn = true;
    },
  );
  expect(wentOn).toBe(true);
});

describe('OwnerInterceptor', () => {
  const socket: IsolatedRequest = { user: { id: 'ada' } };
  const context = {
    getArgByIndex: (index: number) => [socket, { user: { id: 'ben' } }][index],
  } as unknown as ExecutionContext;
  const intercept = (handler: CallHandler, options: IsolationOptions = {}): Observable<unknown> =>
    new OwnerInterceptor(options).intercept(context, handler);
  const whoAmI: CallHandler = {
    handle: () => new Observable((subscriber) => (subscriber.next(currentOwner()), subscriber.complete())),
  };

  it('a handler acts for the user on its first argument, or where the options say', async () => {
    expect(await firstValueFrom(intercept(whoAmI))).toBe('ada');
    expect(await firstValueFrom(intercept(whoAmI, { requestOf: () => ({ user: { id: 'cy' } }) }))).toBe('cy');
    expect(await firstValueFrom(intercept(whoAmI, { ownerOf: () => 'di' }))).toBe('di');
  });

  it('what it leaves running knows nobody once it has answered, or once nobody listens any more', () => {
    for (const end of ['complete', 'unsubscribe'] as const) {
      let later: (() => string | undefined) | undefined;
      const answers = new Subject<unknown>();
      const handler: CallHandler = {
        handle: () => {
          const scope = currentScope();
          later = () => scope?.owner();
          return answers;
        },
      };
      const subscription = intercept(handler).subscribe();
      answers.next('still at it');
      expect(later?.()).toBe('ada');
      if (end === 'complete') answers.complete();
      else subscription.unsubscribe();
      expect(later?.()).toBeUndefined();
    }
  });
});
