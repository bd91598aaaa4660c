import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { entityTag, namesVersion, parseEntityTags } from '../http/entity-tag.ts';
import { UuidPipe } from '../http/uuid.pipe.ts';
import { CreateTaskDto } from './create-task.dto.ts';
import { ListTasksQuery, type TaskListDto } from './list-tasks.dto.ts';
import { toTaskDto, type TaskResponseDto } from './task.dto.ts';
import { TasksService } from './tasks.service.ts';
import { requireChanges, UpdateTaskDto } from './update-task.dto.ts';

@Controller('tasks')
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Get()
  async list(@Query() query: ListTasksQuery): Promise<TaskListDto> {
    const { tasks, nextCursor, limit } = await this.tasks.list(query);
    return { data: tasks.map(toTaskDto), page: { nextCursor, limit } };
  }

  @Post()
  async create(@Body() body: CreateTaskDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<TaskResponseDto> {
    const task = await this.tasks.create(body);
    reply.header('location', `/api/tasks/${task.id}`).header('etag', entityTag(task.version));
    return { data: toTaskDto(task) };
  }

  @Get(':id')
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
  @HttpCode(204)
  remove(@Param('id', UuidPipe) id: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    return this.tasks.remove(id, parseEntityTags('if-match', ifMatch));
  }
}
