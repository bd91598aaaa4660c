import { Module } from '@nestjs/common';
import { IsolationModule } from '@session-guard/isolation';
import { IdempotencyModule } from '../idempotency/idempotency.module.ts';
import { TaskEntity } from './task.entity.ts';
import { TasksBatch } from './tasks.batch.ts';
import { TasksController } from './tasks.controller.ts';
import { TasksService } from './tasks.service.ts';

@Module({
  imports: [IsolationModule.forFeature([TaskEntity]), IdempotencyModule],
  controllers: [TasksController],
  providers: [TasksService, TasksBatch],
})
export class TasksModule {}
