import { Module } from '@nestjs/common';
import { IsolationModule } from '@session-guard/isolation';
import { IdempotencyModule } from '../idempotency/idempotency.module.ts';
import { BatchTurns } from './batch.turns.ts';
import { TaskEventsController } from './events/task-events.controller.ts';
import { StreamBudget } from './events/stream.budget.ts';
import { TaskFeed } from './events/task.feed.ts';
import { TaskEntity } from './task.entity.ts';
import { TaskQuota } from './task.quota.ts';
import { TasksBatch } from './tasks.batch.ts';
import { TasksController } from './tasks.controller.ts';
import { TasksService } from './tasks.service.ts';

@Module({
  imports: [IsolationModule.forFeature([TaskEntity]), IdempotencyModule],
  // The events first: their path would read as an id.
  controllers: [TaskEventsController, TasksController],
  providers: [TasksService, TasksBatch, BatchTurns, TaskFeed, StreamBudget, TaskQuota],
})
export class TasksModule {}
