import { Module } from '@nestjs/common';
import { IsolationModule } from '@session-guard/isolation';
import { IdempotencyKeyEntity } from './idempotency-key.entity.ts';
import { IdempotencyService } from './idempotency.service.ts';

/** Import it to answer `Idempotency-Key` in a controller of your own. */
@Module({
  imports: [IsolationModule.forFeature([IdempotencyKeyEntity])],
  providers: [IdempotencyService],
  exports: [IdempotencyService],
})
export class IdempotencyModule {}
