import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { dayOf } from './due-on.ts';
import { DESCRIPTION_MAX, TITLE_MAX } from './task.limits.ts';
import { TASK_PRIORITIES, TASK_STATUSES, type TaskEntity, type TaskPriority, type TaskStatus } from './task.entity.ts';

/** A task as it leaves the API. */
@ApiSchema({ name: 'Task' })
export class TaskDto {
  @ApiProperty({ type: String, format: 'uuid', example: '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77' })
  id!: string;

  @ApiProperty({ type: String, minLength: 1, maxLength: TITLE_MAX, example: 'Book the venue' })
  title!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: DESCRIPTION_MAX,
    example: 'Ask for a projector, and whether dogs may come in.',
  })
  description!: string | null;

  @ApiProperty({ type: String, enum: TASK_STATUSES, example: 'todo' })
  status!: TaskStatus;

  @ApiProperty({ type: String, enum: TASK_PRIORITIES, example: 'high' })
  priority!: TaskPriority;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'The day the task is due.',
    example: '2030-03-14',
  })
  dueOn!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    deprecated: true,
    description: 'Use `dueOn`. An instant on that day in UTC; noon when the task was given a day alone.',
    example: '2030-03-14T12:00:00.000Z',
  })
  dueAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', example: '2030-03-01T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2030-03-01T08:30:00.000Z' })
  updatedAt!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Rises by one with every change. In quotes it is the ETag.',
    example: 1,
  })
  version!: number;
}

/** One task, under `data`. */
@ApiSchema({ name: 'TaskResponse' })
export class TaskResponseDto {
  @ApiProperty({ type: TaskDto })
  data!: TaskDto;
}

/** Rows stay inside; this is what goes out. */
export function toTaskDto(task: TaskEntity): TaskDto {
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    status: task.status,
    priority: task.priority,
    dueOn: task.dueAt === null ? null : dayOf(task.dueAt),
    dueAt: task.dueAt === null ? null : task.dueAt.toISOString(),
    createdAt: task.createdAt.toISOString(),
    updatedAt: task.updatedAt.toISOString(),
    version: task.version,
  };
}
