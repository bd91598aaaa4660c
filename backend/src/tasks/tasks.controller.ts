import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { apiPath } from '../api.paths.ts';
import { entityTag, namesVersion, parseEntityTags } from '../http/caching/entity-tag.ts';
import { UuidPipe } from '../http/input/uuid.pipe.ts';
import { Compressed } from '../http/server/route.marks.ts';
import { Idempotent } from '../idempotency/idempotent.decorator.ts';
import { ApiProblems, ApiResponseHeaders } from '../openapi/api-responses.decorator.ts';
import { BatchTasksDto, BatchTasksResponseDto } from './batch-tasks.dto.ts';
import { BatchTurnInterceptor } from './batch-turn.interceptor.ts';
import { CreateTaskDto } from './create-task.dto.ts';
import { ListTasksQuery, TaskListDto } from './list-tasks.dto.ts';
import { TaskResponseDto, toTaskDto } from './task.dto.ts';
import { BATCH_MAX, DELETED_KEPT_DAYS } from './task.limits.ts';
import { TasksBatch } from './tasks.batch.ts';
import { TasksService } from './tasks.service.ts';
import { requireChanges, UpdateTaskDto } from './update-task.dto.ts';

const ENTITY_TAGS = '^\\*$|^(W/)?"[^"]*"(\\s*,\\s*(W/)?"[^"]*")*$';
const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'Only if the task still has one of these versions, or `*`.',
  schema: { type: 'string', pattern: ENTITY_TAGS },
} as const;
const ID = { name: 'id', description: "The task's id.", schema: { type: 'string', format: 'uuid' } } as const;

@ApiTags('Tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly batches: TasksBatch,
  ) {}

  @Get()
  @Compressed()
  @ApiOperation({
    operationId: 'listTasks',
    summary: 'List tasks',
    description: 'One page of tasks. The order is stable: a task added meanwhile never repeats or hides another.',
  })
  @ApiOkResponse({ type: TaskListDto, description: 'A page of tasks.' })
  async list(@Query() query: ListTasksQuery): Promise<TaskListDto> {
    const { tasks, nextCursor, limit } = await this.tasks.list(query);
    return { data: tasks.map(toTaskDto), page: { nextCursor, limit } };
  }

  @Post()
  @ApiOperation({
    operationId: 'createTask',
    summary: 'Create a task',
    description:
      'It belongs to the signed-in user. With an `Idempotency-Key` it is created once, however often it is sent.',
  })
  @ApiCreatedResponse({ type: TaskResponseDto, description: 'The task as it was created.' })
  @ApiResponseHeaders('ETag', 'Location')
  @Idempotent({ operation: 'createTask', body: CreateTaskDto })
  async create(@Body() body: CreateTaskDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<TaskResponseDto> {
    const task = await this.tasks.create(body);
    reply.headers({ location: apiPath('tasks', task.id), etag: entityTag(task.version) });
    return { data: toTaskDto(task) };
  }

  @Post('batch')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'batchTasks',
    summary: 'Create, change, delete and restore several tasks',
    description:
      `Up to ${BATCH_MAX} operations in one transaction: all are done, or none. ` +
      'The first that fails names its place.',
  })
  @ApiOkResponse({ type: BatchTasksResponseDto, description: 'Every operation was done.' })
  @Idempotent({ operation: 'batchTasks', body: BatchTasksDto })
  // Below @Idempotent(), and so around it: who waits for a turn holds neither a key nor a connection.
  @UseInterceptors(BatchTurnInterceptor)
  @ApiProblems(404, 412)
  async batch(@Body() body: BatchTasksDto): Promise<BatchTasksResponseDto> {
    return { data: await this.batches.run(body.operations) };
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'getTask',
    summary: 'Read a task',
    description: 'With its `ETag`, which `If-Match` and `If-None-Match` take.',
  })
  @ApiParam(ID)
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'Versions the client has: 304 when one of them is current.',
    schema: { type: 'string', pattern: ENTITY_TAGS },
  })
  @ApiOkResponse({ type: TaskResponseDto, description: 'The task.' })
  @ApiResponse({ status: 304, description: 'The version the client has is current.' })
  @ApiResponseHeaders('ETag')
  async get(
    @Param('id', UuidPipe) id: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskResponseDto | undefined> {
    const known = parseEntityTags('if-none-match', ifNoneMatch);
    const task = await this.tasks.get(id);
    reply.header('etag', entityTag(task.version));
    if (namesVersion(known, task.version)) {
      reply.code(304);
      return undefined;
    }
    return { data: toTaskDto(task) };
  }

  @Patch(':id')
  @ApiOperation({
    operationId: 'updateTask',
    summary: 'Change a task',
    description: 'Without `If-Match` the last write wins.',
  })
  @ApiParam(ID)
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ type: TaskResponseDto, description: 'The task as it is now.' })
  @ApiResponseHeaders('ETag')
  @ApiProblems(412)
  async update(
    @Param('id', UuidPipe) id: string,
    @Body() body: UpdateTaskDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskResponseDto> {
    requireChanges(body);
    const task = await this.tasks.update(id, body, parseEntityTags('if-match', ifMatch));
    reply.header('etag', entityTag(task.version));
    return { data: toTaskDto(task) };
  }

  @Delete(':id')
  @ApiOperation({
    operationId: 'deleteTask',
    summary: 'Delete a task',
    description:
      `It is gone from every read and list at once, and can be restored for ${DELETED_KEPT_DAYS} days. A second ` +
      '`DELETE` answers 404, as on a task that never was: after a lost answer both mean that it is gone.',
  })
  @ApiParam(ID)
  @ApiHeader(IF_MATCH)
  @ApiNoContentResponse({ description: 'The task is gone.' })
  @ApiProblems(412)
  @HttpCode(204)
  remove(@Param('id', UuidPipe) id: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    return this.tasks.remove(id, parseEntityTags('if-match', ifMatch));
  }

  @Post(':id/restore')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'restoreTask',
    summary: 'Restore a deleted task',
    description:
      'The same task again: its id, dates and place in every list, under a new version. Safe to repeat: a task that ' +
      `is not deleted is answered as it is. 404 once it was removed for good, ${DELETED_KEPT_DAYS} days after its ` +
      'deletion at the earliest.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: TaskResponseDto, description: 'The task as it is now.' })
  @ApiResponseHeaders('ETag')
  async restore(
    @Param('id', UuidPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskResponseDto> {
    const task = await this.tasks.restore(id);
    reply.header('etag', entityTag(task.version));
    return { data: toTaskDto(task) };
  }
}
