import { Controller, Get, Inject, Req } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { TaskEntity } from './entities.ts';
import type { GuardedRequest, Identity } from './identity.ts';

/** Takes the identity from where a library's guard leaves it. */
export const IDENTITY_OF = Symbol('identity of a request');

/** The two routes every contender serves: who am I, and twenty of my rows. */
@Controller()
export class BenchController {
  constructor(
    @InjectRepository(TaskEntity) private readonly tasks: Repository<TaskEntity>,
    @Inject(IDENTITY_OF) private readonly identityOf: (request: GuardedRequest) => Identity,
  ) {}

  @Get('me')
  me(@Req() request: GuardedRequest): unknown {
    const { user, session } = this.identityOf(request);
    return {
      data: {
        user: {
          id: user.id,
          name: user.name,
          email: user.email,
          emailVerified: user.emailVerified,
          image: user.image,
          role: null,
        },
        session: {
          id: session.id,
          createdAt: iso(session.createdAt),
          expiresAt: iso(session.expiresAt),
          impersonatedBy: null,
        },
      },
    };
  }

  @Get('tasks')
  async list(@Req() request: GuardedRequest): Promise<unknown> {
    const { user } = this.identityOf(request);
    const tasks = await this.tasks.find({
      where: { userId: user.id },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: 20,
    });
    return {
      data: tasks.map((task) => ({
        id: task.id,
        title: task.title,
        description: task.description,
        status: task.status,
        priority: task.priority,
        dueAt: task.dueAt?.toISOString() ?? null,
        createdAt: task.createdAt.toISOString(),
        updatedAt: task.updatedAt.toISOString(),
      })),
      page: { nextCursor: null, limit: 20 },
    };
  }
}

function iso(value: Date | string | undefined): string | undefined {
  return value instanceof Date ? value.toISOString() : value;
}
