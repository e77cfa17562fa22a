import type { InHandRecord, WaitingRecord } from "../memory/in-hand.js";

/** Workers are looked at this often, in ms. */
export const watchMs = 25;
/** A worker that has not dealt with an attempt so long after its time-out, while nothing was in its hand, is stuck, in ms. */
export const stuckMs = 250;

/** What may be asked of a worker's in-hand record. */
export interface Watched {
  read(): InHandRecord | undefined;
  readWaiting(): WaitingRecord | undefined;
}

/** Limits of the attempt in hand; undefined: its run is over or has another home by now. */
export type LimitsOf = (
  record: InHandRecord | WaitingRecord,
) => { readonly timeoutMs: number; readonly heartbeatTimeoutMs: number } | undefined;

/** Why a worker's thread has to be killed. */
export type Lateness =
  /** The attempt in hand is over its time-out, or gives no sign of life. */
  | { readonly kind: "timeout" | "heartbeat"; readonly record: InHandRecord; readonly limitMs: number }
  /** An attempt that waits for a promise is over its time-out and nothing on the thread can tell it so. */
  | { readonly kind: "stuck"; readonly record: WaitingRecord }
  /** The attempt in hand, or the one that is shown as waiting, belongs to a run that is over, and the worker does not give it up. */
  | { readonly kind: "unwanted"; readonly record: InHandRecord | WaitingRecord };

/**
 * Finds a worker whose thread is held: by an attempt that takes too long, or by one that nobody wants any more. It notes when it first
 * saw what is in the worker's hand, by its own clock: the worker pays for no clock, and a record that has not changed in between is the
 * same attempt, however late this thread was to look again.
 */
export class WatchDog {
  readonly #watched: Watched;
  readonly #limitsOf: LimitsOf;
  readonly #graceMs: number;
  #sequence = 0;
  #seenAt = 0;
  #beat = 0;
  #beatAt = 0;
  #unwantedAt = Number.NaN;
  #waitingSequence = 0;
  #waitingBeat = 0;
  #stuckAt = Number.NaN;
  #droppedAt = Number.NaN;

  /** @param graceMs how long an attempt may go on after its run is over */
  constructor(watched: Watched, limitsOf: LimitsOf, graceMs: number) {
    this.#watched = watched;
    this.#limitsOf = limitsOf;
    this.#graceMs = graceMs;
  }

  /** @returns why the thread has to be killed; undefined while it need not be */
  look(now: number): Lateness | undefined {
    const record = this.#watched.read();
    if (record === undefined) return this.#lookAtWaiting(now);
    this.#forgetWaiting();
    if (record.sequence !== this.#sequence) this.#note(record, now);
    if (record.beat !== this.#beat) {
      this.#beat = record.beat;
      this.#beatAt = now;
    }
    const limits = this.#limitsOf(record);
    if (limits === undefined) return this.#unwanted(record, now);
    const { timeoutMs, heartbeatTimeoutMs } = limits;
    if (now - this.#seenAt >= timeoutMs) return { kind: "timeout", record, limitMs: timeoutMs };
    if (now - this.#beatAt >= heartbeatTimeoutMs) return { kind: "heartbeat", record, limitMs: heartbeatTimeoutMs };
    return undefined;
  }

  #note(record: InHandRecord, now: number): void {
    this.#sequence = record.sequence;
    this.#seenAt = now;
    this.#beat = record.beat;
    this.#beatAt = now;
    this.#unwantedAt = Number.NaN;
  }

  #unwanted(record: InHandRecord, now: number): Lateness | undefined {
    if (Number.isNaN(this.#unwantedAt)) this.#unwantedAt = now;
    return now - this.#unwantedAt >= this.#graceMs ? { kind: "unwanted", record } : undefined;
  }

  /**
   * Nothing is in hand: the worker's own timers should deal with what is due, and its turns with what is over. An attempt that was seen
   * overdue, or unwanted, and still is so later shows that the thread is held by code behind some promise. One that gives signs of life
   * meanwhile is not overdue: its worker cannot put it off while the thread is held.
   */
  #lookAtWaiting(now: number): Lateness | undefined {
    this.#sequence = 0;
    const waiting = this.#watched.readWaiting();
    if (waiting === undefined) {
      this.#forgetWaiting();
      return undefined;
    }
    if (waiting.sequence !== this.#waitingSequence || waiting.beat !== this.#waitingBeat) this.#forgetWaiting();
    this.#waitingSequence = waiting.sequence;
    this.#waitingBeat = waiting.beat;
    if (this.#limitsOf(waiting) === undefined) {
      if (Number.isNaN(this.#droppedAt)) this.#droppedAt = now;
      return now - this.#droppedAt >= this.#graceMs ? { kind: "unwanted", record: waiting } : undefined;
    }
    if (waiting.dueAt > now) return undefined;
    if (Number.isNaN(this.#stuckAt)) this.#stuckAt = now;
    return now - this.#stuckAt >= stuckMs ? { kind: "stuck", record: waiting } : undefined;
  }

  #forgetWaiting(): void {
    this.#stuckAt = Number.NaN;
    this.#droppedAt = Number.NaN;
  }
}
