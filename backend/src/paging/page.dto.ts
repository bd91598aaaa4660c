import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { IfGiven } from '../http/input/if-given.decorator.ts';

/** Rows of a page when the client does not say. */
export const PAGE_LIMIT = 20;
/** Rows of a page at most. */
export const PAGE_LIMIT_MAX = 100;
const CURSOR_MAX = 2_000;

/** Digits become the number they spell; anything else stays what it is and fails validation. */
const toInteger = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value;

/** Which page of a list; the query of a list extends it with its filters. */
export class PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: PAGE_LIMIT_MAX,
    default: PAGE_LIMIT,
    description: 'Items a page.',
  })
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
    description:
      '`page.nextCursor` of the page before. Only valid for the same user, filters and sort; the limit may change.',
  })
  @IfGiven()
  @Matches(/^[A-Za-z0-9_-]{1,1970}\.[A-Za-z0-9_-]{22}$/, {
    message: 'cursor must be the nextCursor of an earlier page',
  })
  cursor?: string;
}

/** Where a list goes on. */
@ApiSchema({ name: 'Page' })
export class PageDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as `cursor` to get the next page; null on the last one.',
    example: null,
  })
  nextCursor!: string | null;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT_MAX, example: PAGE_LIMIT })
  limit!: number;
}
