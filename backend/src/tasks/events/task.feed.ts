import { randomUUID } from 'node:crypto';
import { NoticeListener, type NoticeHandlers } from '@session-guard/core';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Observable, Subject } from 'rxjs';
import { ENV } from '../../env.module.ts';
import type { Env } from '../../env.ts';
import { parseNotice, type TaskNotice } from './task-event.ts';

/** What a stream is sent. */
export type FeedItem =
  | { readonly kind: 'ready'; readonly event: string }
  | { readonly kind: 'reset'; readonly event: string }
  | {
      readonly kind: 'change';
      readonly event: string;
      readonly type: 'created' | 'updated' | 'deleted';
      readonly id: string;
      readonly version: number;
    };

const CHANNEL = 'session_guard_task';

/** How often the channel is proven alive: a stream may hear of a change some seconds late, a revocation may not. */
const BEAT_MS = 5_000;
/** Changes kept for those who reconnect, of all users together; some hundred kilobytes. */
const KEPT_CHANGES = 5_000;

/** Missed changes that are told one by one; of more, reading the list again is cheaper for everybody. */
const MISSED_CHANGES_MAX = 100;

/** The changes of everybody's tasks, on whichever instance they were made, handed out by user. */
@Injectable()
export class TaskFeed implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger('TaskFeed');
  readonly #streams = new Map<string, Set<Subject<FeedItem>>>();
  readonly #listener: NoticeListener;
  #count = 0;
  /** The last changes, oldest first. They arrive in the order of their commits, on every instance alike. */
  #recent: TaskNotice[] = [];
  /** Names the moment from which nothing was missed. */
  #openedAt = randomUUID();

  constructor(@Inject(ENV) env: Env) {
    const handlers: NoticeHandlers = {
      notice: (payload) => this.#receive(payload),
      opened: () => this.#reopen(),
      lost: (error) => this.#logger.warn(`The channel of task events was cut and is being opened again: ${error.name}`),
    };
    const config = { connectionString: env.listenUrl };
    this.#listener = new NoticeListener(config, 'session-guard-events', CHANNEL, handlers, BEAT_MS);
  }

  async onModuleInit(): Promise<void> {
    await this.#listener.start();
  }

  /** Ends every stream, so that the server can close. */
  async onModuleDestroy(): Promise<void> {
    for (const streams of this.#streams.values()) for (const stream of streams) stream.complete();
    await this.#listener.stop();
  }

  /** Streams of everybody that are open here. */
  get count(): number {
    return this.#count;
  }

  /** Streams of one user that are open here. */
  countOf(userId: string): number {
    return this.#streams.get(userId)?.size ?? 0;
  }

  /**
   * One user's changes from now on. With the id of the last event seen, those after it come first; where they are no
   * longer known, a reset comes instead.
   */
  of(userId: string, lastEventId: string | undefined): Observable<FeedItem> {
    return new Observable((subscriber) => {
      const stream = new Subject<FeedItem>();
      const streams = this.#streams.get(userId) ?? new Set();
      this.#streams.set(userId, streams.add(stream));
      this.#count += 1;
      // Nothing arrives in between: all of this happens in one turn.
      for (const item of this.#begin(userId, lastEventId)) subscriber.next(item);
      const subscription = stream.subscribe(subscriber);
      return () => {
        subscription.unsubscribe();
        streams.delete(stream);
        this.#count -= 1;
        if (streams.size === 0 && this.#streams.get(userId) === streams) this.#streams.delete(userId);
      };
    });
  }

  #begin(userId: string, lastEventId: string | undefined): FeedItem[] {
    const latest = this.#recent.at(-1)?.event ?? this.#openedAt;
    if (lastEventId === undefined) return [{ kind: 'ready', event: latest }];
    const seen = lastEventId === this.#openedAt ? -1 : this.#recent.findIndex(({ event }) => event === lastEventId);
    const known = lastEventId === this.#openedAt ? this.#recent.length < KEPT_CHANGES : seen >= 0;
    if (!known) return [{ kind: 'reset', event: latest }];
    const missed = this.#recent.slice(seen + 1).filter(({ user }) => user === userId);
    if (missed.length > MISSED_CHANGES_MAX) return [{ kind: 'reset', event: latest }];
    return [...missed.map(toItem), { kind: 'ready', event: latest }];
  }

  #receive(payload: string): void {
    const notice = parseNotice(payload);
    if (!notice) return;
    this.#recent.push(notice);
    // Trimmed in strides, so that a push stays cheap.
    if (this.#recent.length > KEPT_CHANGES * 1.2) this.#recent = this.#recent.slice(-KEPT_CHANGES);
    const item = toItem(notice);
    for (const stream of this.#streams.get(notice.user) ?? []) stream.next(item);
  }

  /** Changes may have been missed: everybody reads again. */
  #reopen(): void {
    this.#recent = [];
    this.#openedAt = randomUUID();
    for (const streams of this.#streams.values())
      for (const stream of streams) stream.next({ kind: 'reset', event: this.#openedAt });
  }
}

function toItem(notice: TaskNotice): FeedItem {
  return notice.type === 'reset'
    ? { kind: 'reset', event: notice.event }
    : { kind: 'change', event: notice.event, type: notice.type, id: notice.id, version: notice.version };
}
