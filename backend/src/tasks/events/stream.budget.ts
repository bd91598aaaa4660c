import type { ServerResponse } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';

/** Bytes one event takes while it waits for its reader, with what Nest and Node keep beside it. */
const EVENT_BYTES = 512;
/** Bytes that may wait for one reader: more than a hundred events. */
const STREAM_BYTES = 65_536;
/** Bytes that may wait for all readers of this process together. */
const TOTAL_BYTES = 16 * 1_048_576;
/** Milliseconds a reader may have something waiting. */
const STALLED_MS = 60_000;

type Reader = Pick<ServerResponse, 'writableNeedDrain' | 'destroy'>;

interface Backlog {
  bytes: number;
  /** When the first of it began to wait, as `Date.now()`. */
  readonly since: number;
}

/**
 * Bounds what waits for readers that don't read: a client that opens streams and leaves them alone costs a socket each,
 * and no more. A reader that falls behind is disconnected, and is told what it missed when it comes back with
 * `Last-Event-ID`.
 */
@Injectable()
export class StreamBudget {
  readonly #logger = new Logger('StreamBudget');
  readonly #backlogs = new Map<Reader, Backlog>();
  #bytes = 0;

  /** Bytes that wait for all readers together. */
  get waiting(): number {
    return this.#bytes;
  }

  /** Counts one event for a reader, before it is written; drops whoever is too far behind. */
  add(reader: Reader): void {
    // Everything before it is with the operating system: nothing waits.
    if (!reader.writableNeedDrain) return this.forget(reader);
    const backlog = this.#backlogs.get(reader) ?? { bytes: 0, since: Date.now() };
    backlog.bytes += EVENT_BYTES;
    this.#backlogs.set(reader, backlog);
    this.#bytes += EVENT_BYTES;
    if (backlog.bytes > STREAM_BYTES || Date.now() - backlog.since > STALLED_MS) this.#drop(reader);
    else if (this.#bytes > TOTAL_BYTES) this.#drop(this.#furthestBehind() ?? reader);
  }

  /** To be called when a stream ends, however it ends. */
  forget(reader: Reader): void {
    this.#bytes -= this.#backlogs.get(reader)?.bytes ?? 0;
    this.#backlogs.delete(reader);
  }

  #furthestBehind(): Reader | undefined {
    const [furthest] = [...this.#backlogs].reduce<[Reader | undefined, number]>(
      (most, [reader, { bytes }]) => (bytes > most[1] ? [reader, bytes] : most),
      [undefined, 0],
    );
    return furthest;
  }

  #drop(reader: Reader): void {
    this.forget(reader);
    this.#logger.warn('A reader of events fell too far behind and was disconnected.');
    reader.destroy();
  }
}
