import { Module } from '@nestjs/common';
import { IsolationModule } from '@session-guard/isolation';
import { TaskEntity } from './task.entity.ts';
import { TasksController } from './tasks.controller.ts';
import { TasksService } from './tasks.service.ts';

@Module({
  imports: [IsolationModule.forFeature([TaskEntity])],
  controllers: [TasksController],
  providers: [TasksService],
})
export class TasksModule {}
