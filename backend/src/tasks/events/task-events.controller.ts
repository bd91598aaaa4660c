import { Controller, Headers, Inject, Req, Res, Sse, type MessageEvent } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentSession, SessionEvents, type AuthenticatedSession } from '@session-guard/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  defer,
  EMPTY,
  endWith,
  finalize,
  interval,
  map,
  merge,
  startWith,
  takeWhile,
  tap,
  type Observable,
} from 'rxjs';
import { ENV } from '../../env.module.ts';
import type { Env } from '../../env.ts';
import { ProblemException, validationProblem } from '../../http/errors/problem.exception.ts';
import { ApiProblems } from '../../openapi/api-responses.decorator.ts';
import { STREAMS_MAX } from '../task.limits.ts';
import { StreamBudget } from './stream.budget.ts';
import { TaskFeed, type FeedItem } from './task.feed.ts';

/** Milliseconds between comments that keep proxies from closing a silent stream. */
const HEARTBEAT_MS = 15_000;
/** Milliseconds a reader waits before it reconnects. */
const RETRY_MS = 2_000;
/** Characters of events that Nest keeps for a reader; our own {@link StreamBudget} is reached before. */
const MAX_PENDING_CHARACTERS = 65_536;
const EVENT_ID = /^[\w-]{1,64}$/;

@ApiTags('Tasks')
@Controller('tasks')
export class TaskEventsController {
  constructor(
    private readonly feed: TaskFeed,
    private readonly sessions: SessionEvents,
    private readonly budget: StreamBudget,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Sse('events', { maxPendingDataLength: MAX_PENDING_CHARACTERS })
  @ApiOperation({
    operationId: 'streamTaskEvents',
    summary: "Follow one's own tasks",
    description: [
      'Server-sent events, from whichever instance made the change: `task.created`, `task.updated` and ' +
        '`task.deleted` with `{ "id", "version" }`.',
      'A task that was restored is `task.created` again, under a new version.',
      'The stream begins with `ready`. After `reset` read the list again: ' +
        'changes were too many, or can no longer be told.',
      'When the session ends, `session.ended` with `{ "reason": "revoked" | "expired" }` is the last event.',
      'A reader that falls more than a hundred events behind, or does not read for a minute, is disconnected. ' +
        `At most ${STREAMS_MAX} streams a user (429), and a limit for all together (503).`,
      "Send the last event's id as `Last-Event-ID` to resume; after more than a hundred missed changes `reset` comes " +
        'instead. Read it by fetch: EventSource cannot send `Authorization`.',
    ].join('\n\n'),
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Id of the last event seen: what came after it is sent first, or `reset`.',
    schema: { type: 'string', pattern: '^[\\w-]{1,64}$' },
  })
  @ApiResponse({
    status: 200,
    description: 'The stream. It stays open, with a comment every 15 seconds.',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example:
          'event: task.updated\nid: 1f0d6e5a-93b5-4b0f-9f0a-0d3e0b5a7c11\n' +
          'data: {"id":"0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77","version":2}\n\n',
      },
    },
  })
  @ApiProblems(429)
  events(
    @CurrentSession() session: AuthenticatedSession,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) { raw }: FastifyReply,
  ): Observable<MessageEvent> {
    if (lastEventId !== undefined && !EVENT_ID.test(lastEventId)) {
      throw validationProblem([{ pointer: '/headers/last-event-id', message: 'must be the id of an event' }]);
    }
    if (request.method === 'HEAD') return EMPTY;
    // When Nest subscribes, and not before: of many that arrive at once no more than the limit are counted in.
    return defer(() => {
      this.#requireRoom(session.userId);
      return this.#follow(session, lastEventId).pipe(
        tap(() => this.budget.add(raw)),
        finalize(() => this.budget.forget(raw)),
      );
    });
  }

  /** @throws {ProblemException} 429 when this user has too many streams open, 503 when all together have */
  #requireRoom(userId: string): void {
    const headers = { 'retry-after': '10' };
    if (this.feed.countOf(userId) >= STREAMS_MAX) {
      throw new ProblemException(429, {
        code: 'too_many_streams',
        detail: `At most ${STREAMS_MAX} streams may be open for one user.`,
        headers,
      });
    }
    if (this.feed.count >= this.env.maxStreams) {
      throw new ProblemException(503, {
        code: 'too_many_streams',
        detail: 'This instance has as many streams open as it may have: try again, or read the list from time to time.',
        headers,
      });
    }
  }

  #follow(session: AuthenticatedSession, lastEventId: string | undefined): Observable<MessageEvent> {
    let last = lastEventId ?? '';
    const changes = this.feed.of(session.userId, lastEventId).pipe(
      tap(({ event }) => (last = event)),
      map(toMessage),
      endWith(END),
    );
    const sessionEnd = this.sessions.ended(session).pipe(
      map((reason): MessageEvent => ({ type: 'session.ended', id: last, data: { reason } })),
      endWith(END),
    );
    const heartbeat = interval(HEARTBEAT_MS).pipe(map((): MessageEvent => ({ comment: 'still here' })));
    return merge(changes, sessionEnd, heartbeat).pipe(
      takeWhile((message) => message !== END),
      // Sends the headers at once: a reader knows it is connected before anything happens.
      startWith({ comment: 'connected' }),
    );
  }
}

/** Whichever part ends first, the session or the feed, ends the stream. */
const END: MessageEvent = {};

function toMessage(item: FeedItem): MessageEvent {
  const { event: id } = item;
  if (item.kind !== 'change') return { type: item.kind, id, retry: RETRY_MS, data: {} };
  return { type: `task.${item.type}`, id, data: { id: item.id, version: item.version } };
}
