import { Inject, Injectable } from '@nestjs/common';
import { Isolation } from '@session-guard/isolation';
import { databaseFailure } from '../http/errors/database-failure.ts';
import { PlacedError } from '../http/errors/placed.error.ts';
import { ProblemException } from '../http/errors/problem.exception.ts';
import type { BatchResultDto, TaskOperation } from './batch-tasks.dto.ts';
import { toTaskDto } from './task.dto.ts';
import { TasksService } from './tasks.service.ts';
import { requireChanges } from './update-task.dto.ts';

/** What of an operation its row is made of. */
const PART = { create: 'task', update: 'changes', delete: 'id', restore: 'id' } as const;

/** Several operations in one transaction. */
@Injectable()
export class TasksBatch {
  constructor(
    private readonly tasks: TasksService,
    @Inject(Isolation) private readonly isolation: Isolation,
  ) {}

  /** @throws {ProblemException} that of the first operation that fails, with its place; none is done then */
  run(operations: readonly TaskOperation[]): Promise<BatchResultDto[]> {
    return this.isolation.transaction(async () => {
      const results: BatchResultDto[] = [];
      for (const [index, operation] of operations.entries())
        results.push(await this.#attempt(operation, `/operations/${index}`));
      return results;
    });
  }

  async #attempt(operation: TaskOperation, pointer: string): Promise<BatchResultDto> {
    try {
      return await this.#do(operation, pointer);
    } catch (error) {
      if (error instanceof ProblemException && error.getStatus() === 422) throw withoutRoom(error, pointer);
      if (error instanceof ProblemException && (error.getStatus() === 404 || error.getStatus() === 412))
        throw withPointer(error, pointer);
      throw databaseFailure(error) === undefined ? error : new PlacedError(`${pointer}/${PART[operation.op]}`, error);
    }
  }

  async #do(operation: TaskOperation, pointer: string): Promise<BatchResultDto> {
    if (operation.op === 'create') {
      const task = await this.tasks.create(operation.task);
      return { op: 'create', id: task.id, task: toTaskDto(task) };
    }
    if (operation.op === 'restore') {
      const task = await this.tasks.restore(operation.id.toLowerCase());
      return { op: 'restore', id: task.id, task: toTaskDto(task) };
    }
    const ifMatch = operation.version === undefined ? undefined : [{ weak: false, value: String(operation.version) }];
    const id = operation.id.toLowerCase();
    if (operation.op === 'delete') {
      await this.tasks.remove(id, ifMatch);
      return { op: 'delete', id, task: null };
    }
    requireChanges(operation.changes, `${pointer}/changes`);
    return { op: 'update', id, task: toTaskDto(await this.tasks.update(id, operation.changes, ifMatch)) };
  }
}

function withoutRoom(error: ProblemException, pointer: string): ProblemException {
  return new ProblemException(422, {
    code: 'quota_exceeded',
    detail: error.message,
    errors: [{ pointer, message: 'is more than may be kept' }],
  });
}

function withPointer(error: ProblemException, pointer: string): ProblemException {
  const missing = error.getStatus() === 404;
  return new ProblemException(error.getStatus(), {
    errors: [
      missing
        ? { pointer: `${pointer}/id`, message: 'names no task of yours' }
        : { pointer: `${pointer}/version`, message: 'is not the current version' },
    ],
  });
}
