import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { AllowAnonymous } from '@session-guard/auth';
import type { DataSource } from 'typeorm';
import { NoRateLimit } from '../rate-limit/rate-limit.decorators.ts';
import { Untraced } from '../http/server/route.marks.ts';
import { ApiProblems } from '../openapi/api-responses.decorator.ts';
import { ProblemException } from '../http/errors/problem.exception.ts';
import { HealthDto } from './health.dto.ts';

/** Milliseconds an answer of the database counts for readiness. */
const SHARED_MS = 1_000;
const OK: HealthDto = Object.freeze({ status: 'ok' });

/** For orchestrators. Open to all, so it says nothing but yes or no. */
@ApiTags('Health')
@Controller('health')
@AllowAnonymous()
@NoRateLimit()
@Untraced()
export class HealthController {
  /** The last answer of the database, shared by all who ask within a second: nobody here has a limit. */
  #asked: { readonly at: number; readonly answer: Promise<unknown> } | undefined;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The process answers; asks nothing of anybody. */
  @Get('live')
  @ApiOperation({
    operationId: 'getLiveness',
    summary: 'Is the process alive?',
    description: 'Asks nothing of anybody: answers while the process runs.',
  })
  @ApiOkResponse({ type: HealthDto, description: 'It is.' })
  live(): HealthDto {
    return OK;
  }

  #askDatabase(): Promise<unknown> {
    const now = performance.now();
    if (!this.#asked || now - this.#asked.at >= SHARED_MS)
      this.#asked = { at: now, answer: this.dataSource.query('select 1') };
    return this.#asked.answer;
  }

  /** Requests can be served: the database answers. */
  @Get('ready')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Can requests be served?',
    description: '200 when the database answers, else 503 `not_ready`.',
  })
  @ApiOkResponse({ type: HealthDto, description: 'They can.' })
  @ApiProblems(503)
  async ready(): Promise<HealthDto> {
    try {
      await this.#askDatabase();
      return OK;
    } catch (cause) {
      throw new ProblemException(503, {
        code: 'not_ready',
        detail: 'The API cannot serve requests for the moment.',
        cause,
      });
    }
  }
}
