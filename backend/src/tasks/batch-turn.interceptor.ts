import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { BatchTurns } from './batch.turns.ts';

/** Lets a batch wait for its turn. */
@Injectable()
export class BatchTurnInterceptor implements NestInterceptor {
  constructor(private readonly turns: BatchTurns) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.turns.inTurn(() => lastValueFrom<unknown>(next.handle())));
  }
}
