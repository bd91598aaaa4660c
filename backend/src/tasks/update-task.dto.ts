import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsDateTime } from '../http/input/date-time.validator.ts';
import { IfGiven, IfNotNull } from '../http/input/if-given.decorator.ts';
import { validationProblem } from '../http/errors/problem.exception.ts';
import { IsText } from '../http/input/text.validator.ts';
import { IsDueOn } from './due-on.ts';
import { TASK_PRIORITIES, TASK_STATUSES, type TaskPriority, type TaskStatus } from './task.entity.ts';
import { DESCRIPTION_MAX, TITLE_MAX } from './task.limits.ts';

/** The properties to change; the others stay as they are, and null clears what may be null. */
@ApiSchema({ name: 'UpdateTask' })
export class UpdateTaskDto {
  @ApiPropertyOptional({
    type: String,
    minLength: 1,
    maxLength: TITLE_MAX,
    pattern: '\\S',
    example: 'Book the larger venue',
  })
  @IfGiven()
  @IsText(1, TITLE_MAX)
  title?: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: DESCRIPTION_MAX, example: null })
  @IfNotNull()
  @IsText(0, DESCRIPTION_MAX)
  description?: string | null;

  @ApiPropertyOptional({ type: String, enum: TASK_STATUSES, example: 'done' })
  @IfGiven()
  @IsIn(TASK_STATUSES)
  status?: TaskStatus;

  @ApiPropertyOptional({ type: String, enum: TASK_PRIORITIES, example: 'low' })
  @IfGiven()
  @IsIn(TASK_PRIORITIES)
  priority?: TaskPriority;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    nullable: true,
    description: 'The day it is due. `dueAt` becomes noon of it in UTC.',
    example: '2030-03-15',
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
    example: '2030-03-15T12:00:00Z',
  })
  @IfNotNull()
  @IsDateTime()
  dueAt?: string | null;
}

/**
 * An update that changes nothing is a mistake of the caller's.
 *
 * @param pointer Where the changes are in the body.
 * @throws {ProblemException} 400 when no property is given
 */
export function requireChanges(changes: UpdateTaskDto, pointer = ''): void {
  if (Object.values(changes).every((value) => value === undefined))
    throw validationProblem([{ pointer, message: 'must change at least one property' }]);
}
