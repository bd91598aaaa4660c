import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsDate } from '../http/input/date.validator.ts';
import { IsDateTime } from '../http/input/date-time.validator.ts';
import { IfGiven } from '../http/input/if-given.decorator.ts';
import { IsText } from '../http/input/text.validator.ts';
import { PageDto, PageQuery } from '../paging/page.dto.ts';
import { TaskDto } from './task.dto.ts';
import { TASK_PRIORITIES, TASK_STATUSES, type TaskPriority, type TaskStatus } from './task.entity.ts';
import { SEARCH_MAX } from './task.limits.ts';

export const TASK_SORTS = [
  'createdAt',
  '-createdAt',
  'dueOn',
  '-dueOn',
  'dueAt',
  '-dueAt',
  'priority',
  '-priority',
  'title',
  '-title',
] as const;
export type TaskSort = (typeof TASK_SORTS)[number];
export const DEFAULT_SORT: TaskSort = '-createdAt';

/** Filters, order and page of a list. */
export class ListTasksQuery extends PageQuery {
  @ApiPropertyOptional({ type: String, enum: TASK_STATUSES, description: 'Only tasks with this status.' })
  @IfGiven()
  @IsIn(TASK_STATUSES)
  status?: TaskStatus;

  @ApiPropertyOptional({ type: String, enum: TASK_PRIORITIES, description: 'Only tasks with this priority.' })
  @IfGiven()
  @IsIn(TASK_PRIORITIES)
  priority?: TaskPriority;

  @ApiPropertyOptional({
    type: String,
    minLength: 1,
    maxLength: SEARCH_MAX,
    pattern: '\\S',
    description: 'Only tasks whose title or description contains this text, whatever its case.',
    example: 'venue',
  })
  @IfGiven()
  @IsText(1, SEARCH_MAX)
  q?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    description: 'Only tasks due on this day or later.',
    example: '2030-03-01',
  })
  @IfGiven()
  @IsDate()
  dueFrom?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    description: 'Only tasks due on this day or earlier.',
    example: '2030-03-31',
  })
  @IfGiven()
  @IsDate()
  dueTo?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    deprecated: true,
    description: 'Use `dueTo`. Only tasks whose `dueAt` is before this instant.',
  })
  @IfGiven()
  @IsDateTime()
  dueBefore?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    deprecated: true,
    description: 'Use `dueFrom`. Only tasks whose `dueAt` is after this instant.',
  })
  @IfGiven()
  @IsDateTime()
  dueAfter?: string;

  @ApiPropertyOptional({
    type: String,
    enum: TASK_SORTS,
    default: DEFAULT_SORT,
    description:
      'The order; `-` is descending. Tasks without a due date come last either way. ' +
      '`dueAt` and `-dueAt` are deprecated: use `dueOn` and `-dueOn`, the same order.',
  })
  @IfGiven()
  @IsIn(TASK_SORTS)
  sort?: TaskSort;
}

/** One page of tasks. */
@ApiSchema({ name: 'TaskList' })
export class TaskListDto {
  @ApiProperty({ type: [TaskDto] })
  data!: TaskDto[];

  @ApiProperty({ type: PageDto })
  page!: PageDto;
}
