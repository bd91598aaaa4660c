import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { IsDateTime } from '../http/date-time.validator.ts';
import { IfGiven } from '../http/if-given.decorator.ts';
import { IsText } from '../http/text.validator.ts';
import { TaskDto } from './task.dto.ts';
import { TASK_PRIORITIES, TASK_STATUSES, type TaskPriority, type TaskStatus } from './task.entity.ts';

export const TASK_SORTS = ['createdAt', '-createdAt', 'dueAt', '-dueAt', 'priority', '-priority', 'title', '-title'] as const;
export type TaskSort = (typeof TASK_SORTS)[number];

export const PAGE_LIMIT = 20;
export const PAGE_LIMIT_MAX = 100;
const QUERY_MAX = 200;
const CURSOR_MAX = 2_000;

/** Digits become the number they spell; anything else stays what it is and fails validation. */
const toInteger = ({ value }: { value: unknown }): unknown => (typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value);

/** Filters, order and page of a list. */
export class ListTasksQuery {
  @ApiPropertyOptional({ type: String, enum: TASK_STATUSES, description: 'Only tasks with this status.' })
  @IfGiven()
  @IsIn(TASK_STATUSES)
  status?: TaskStatus;

  @ApiPropertyOptional({ type: String, enum: TASK_PRIORITIES, description: 'Only tasks with this priority.' })
  @IfGiven()
  @IsIn(TASK_PRIORITIES)
  priority?: TaskPriority;

  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: QUERY_MAX, pattern: '\\S', description: 'Only tasks whose title or description contains this text, whatever its case.', example: 'venue' })
  @IfGiven()
  @IsText(1, QUERY_MAX)
  q?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Only tasks due before this instant, exclusive.', example: '2030-04-01T00:00:00Z' })
  @IfGiven()
  @IsDateTime()
  dueBefore?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Only tasks due after this instant, exclusive.', example: '2030-03-01T00:00:00Z' })
  @IfGiven()
  @IsDateTime()
  dueAfter?: string;

  @ApiPropertyOptional({ type: String, enum: TASK_SORTS, default: '-createdAt', description: 'The order; `-` is descending. Tasks without a due date come last either way.' })
  @IfGiven()
  @IsIn(TASK_SORTS)
  sort?: TaskSort;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT_MAX, default: PAGE_LIMIT, description: 'Tasks a page.' })
  @Transform(toInteger)
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(PAGE_LIMIT_MAX)
  limit?: number;

  @ApiPropertyOptional({
    type: String,
    maxLength: CURSOR_MAX,
    pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{22}$',
    description: '`page.nextCursor` of the page before. Only valid for the same user, filters and sort; the limit may change.',
  })
  @IfGiven()
  @Matches(/^[A-Za-z0-9_-]{1,1970}\.[A-Za-z0-9_-]{22}$/, { message: 'cursor must be the nextCursor of an earlier page' })
  cursor?: string;
}

@ApiSchema({ name: 'Page' })
export class PageDto {
  @ApiProperty({ type: String, nullable: true, description: 'Give it as `cursor` to get the next page; null on the last one.', example: null })
  nextCursor!: string | null;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT_MAX, example: PAGE_LIMIT })
  limit!: number;
}

/** One page of tasks. */
@ApiSchema({ name: 'TaskList' })
export class TaskListDto {
  @ApiProperty({ type: [TaskDto] })
  data!: TaskDto[];

  @ApiProperty({ type: PageDto })
  page!: PageDto;
}
