import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { REFUSED_TITLE } from './examples.ts';

@ApiSchema({ name: 'ProblemError' })
export class ProblemErrorDto {
  @ApiProperty({
    type: String,
    description: 'JSON pointer into the body, or below `/query`, `/path`, `/headers`.',
    example: REFUSED_TITLE.pointer,
  })
  pointer!: string;

  @ApiProperty({ type: String, example: REFUSED_TITLE.message })
  message!: string;
}

/** The shape of every error, for the OpenAPI document. */
@ApiSchema({ name: 'Problem' })
export class ProblemDto {
  @ApiProperty({
    type: String,
    format: 'uri',
    description: 'Identifies the kind of problem.',
    example: 'urn:problem:not_found',
  })
  type!: string;

  @ApiProperty({ type: String, example: 'Not Found' })
  title!: string;

  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599, example: 404 })
  status!: number;

  @ApiProperty({ type: String, description: 'What happened, for people.', example: 'There is nothing here.' })
  detail!: string;

  @ApiProperty({
    type: String,
    description: 'The kind of problem, for programs. New codes may be added.',
    pattern: '^[a-z_]+$',
    example: 'not_found',
  })
  code!: string;

  @ApiProperty({
    type: String,
    description: 'As in the `X-Request-Id` header and the logs.',
    example: '7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162',
  })
  requestId!: string;

  @ApiPropertyOptional({ type: [ProblemErrorDto], description: 'Which inputs were refused, and why.' })
  errors?: ProblemErrorDto[];
}
