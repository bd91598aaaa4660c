import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsDateTime } from '../http/input/date-time.validator.ts';
import { IfGiven, IfNotNull } from '../http/input/if-given.decorator.ts';
import { IsText } from '../http/input/text.validator.ts';
import { IsDueOn } from './due-on.ts';
import { TASK_PRIORITIES, TASK_STATUSES, type TaskPriority, type TaskStatus } from './task.entity.ts';
import { DESCRIPTION_MAX, TITLE_MAX } from './task.limits.ts';

/** What a new task may be given. Nothing else: the owner, the id and the dates are not the client's to set. */
@ApiSchema({ name: 'CreateTask' })
export class CreateTaskDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: TITLE_MAX, pattern: '\\S', example: 'Book the venue' })
  @IsText(1, TITLE_MAX)
  title!: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: DESCRIPTION_MAX, example: 'Ask for a projector.' })
  @IfNotNull()
  @IsText(0, DESCRIPTION_MAX)
  description?: string | null;

  @ApiPropertyOptional({ type: String, enum: TASK_STATUSES, default: 'todo', example: 'todo' })
  @IfGiven()
  @IsIn(TASK_STATUSES)
  status?: TaskStatus;

  @ApiPropertyOptional({ type: String, enum: TASK_PRIORITIES, default: 'medium', example: 'high' })
  @IfGiven()
  @IsIn(TASK_PRIORITIES)
  priority?: TaskPriority;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    nullable: true,
    description: 'The day it is due. `dueAt` becomes noon of it in UTC.',
    example: '2030-03-14',
  })
  @IsDueOn()
  dueOn?: string | null;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    deprecated: true,
    description:
      'Use `dueOn`, which becomes the day of this instant in UTC. Kept to the millisecond. ' +
      'Both together must mean the same day.',
    example: '2030-03-14T12:00:00Z',
  })
  @IfNotNull()
  @IsDateTime()
  dueAt?: string | null;
}
