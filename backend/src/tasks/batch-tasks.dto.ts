import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  Equals,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IfGiven } from '../http/input/if-given.decorator.ts';
import { CreateTaskDto } from './create-task.dto.ts';
import { TaskDto } from './task.dto.ts';
import { BATCH_MAX } from './task.limits.ts';
import { UpdateTaskDto } from './update-task.dto.ts';

const OPERATIONS = ['create', 'update', 'delete', 'restore'] as const;
type OperationName = (typeof OPERATIONS)[number];
/** PostgreSQL's `integer`. */
const VERSION_MAX = 2_147_483_647;

@ApiSchema({ name: 'CreateTaskOperation' })
export class CreateTaskOperation {
  @ApiProperty({ type: String, enum: ['create'], example: 'create' })
  @Equals('create')
  op!: 'create';

  @ApiProperty({ type: CreateTaskDto })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => CreateTaskDto)
  task!: CreateTaskDto;
}

@ApiSchema({ name: 'UpdateTaskOperation' })
export class UpdateTaskOperation {
  @ApiProperty({ type: String, enum: ['update'], example: 'update' })
  @Equals('update')
  op!: 'update';

  @ApiProperty({ type: String, format: 'uuid', example: '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77' })
  @IsUUID('loose')
  id!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: VERSION_MAX,
    description: 'Only if the task still has this version.',
    example: 1,
  })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  version?: number;

  @ApiProperty({ type: UpdateTaskDto })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => UpdateTaskDto)
  changes!: UpdateTaskDto;
}

@ApiSchema({ name: 'DeleteTaskOperation' })
export class DeleteTaskOperation {
  @ApiProperty({ type: String, enum: ['delete'], example: 'delete' })
  @Equals('delete')
  op!: 'delete';

  @ApiProperty({ type: String, format: 'uuid', example: '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a78' })
  @IsUUID('loose')
  id!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: VERSION_MAX,
    description: 'Only if the task still has this version.',
    example: 3,
  })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  version?: number;
}

@ApiSchema({ name: 'RestoreTaskOperation' })
export class RestoreTaskOperation {
  @ApiProperty({ type: String, enum: ['restore'], example: 'restore' })
  @Equals('restore')
  op!: 'restore';

  @ApiProperty({ type: String, format: 'uuid', example: '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a79' })
  @IsUUID('loose')
  id!: string;
}

/** What an operation without a known `op` becomes: a class that refuses it. */
class UnknownOperation {
  @IsIn(OPERATIONS)
  op?: unknown;
}

export type TaskOperation = CreateTaskOperation | UpdateTaskOperation | DeleteTaskOperation | RestoreTaskOperation;

const CLASSES = new Map<unknown, new () => object>([
  ['create', CreateTaskOperation],
  ['update', UpdateTaskOperation],
  ['delete', DeleteTaskOperation],
  ['restore', RestoreTaskOperation],
]);

function toOperation(value: unknown): object {
  // A list among the operations would be validated as the operations it holds, and an empty one as none.
  const given = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const type = 'op' in given ? CLASSES.get(given.op) : undefined;
  return type
    ? plainToInstance(type, given)
    : Object.assign(new UnknownOperation(), { op: 'op' in given ? given.op : undefined });
}

@ApiSchema({ name: 'BatchTasks' })
@ApiExtraModels(CreateTaskOperation, UpdateTaskOperation, DeleteTaskOperation, RestoreTaskOperation)
export class BatchTasksDto {
  @ApiProperty({
    type: 'array',
    minItems: 1,
    maxItems: BATCH_MAX,
    description: 'Done in this order, all or none.',
    items: {
      oneOf: [CreateTaskOperation, UpdateTaskOperation, DeleteTaskOperation, RestoreTaskOperation].map((type) => ({
        $ref: getSchemaPath(type),
      })),
      discriminator: {
        propertyName: 'op',
        mapping: {
          create: getSchemaPath(CreateTaskOperation),
          update: getSchemaPath(UpdateTaskOperation),
          delete: getSchemaPath(DeleteTaskOperation),
          restore: getSchemaPath(RestoreTaskOperation),
        },
      },
    },
  })
  @Transform(({ value }: { value: unknown }): unknown =>
    Array.isArray(value) ? value.slice(0, BATCH_MAX + 1).map(toOperation) : value,
  )
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(BATCH_MAX)
  @ValidateNested({ each: true })
  operations!: TaskOperation[];
}

@ApiSchema({ name: 'BatchResult' })
export class BatchResultDto {
  @ApiProperty({ type: String, enum: OPERATIONS, example: 'create' })
  op!: OperationName;

  @ApiProperty({ type: String, format: 'uuid', example: '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77' })
  id!: string;

  @ApiProperty({
    type: TaskDto,
    nullable: true,
    description: 'The task as the operation left it; null when it was deleted.',
  })
  task!: TaskDto | null;
}

@ApiSchema({ name: 'BatchTasksResponse' })
export class BatchTasksResponseDto {
  @ApiProperty({ type: [BatchResultDto], description: 'One result for each operation, in their order.' })
  data!: BatchResultDto[];
}
