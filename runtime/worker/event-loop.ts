import type { Clock } from "../../actors/kernel/clock.js";
import { after, nowMs } from "../observe/system-clock.js";

/** What a worker's loop asks of the event loop that it lives in. */
export interface EventLoop extends Clock {
  /** Calls `run` as soon as what runs at the moment has come to its end, before anything else that waits. */
  soon(run: () => void): void;
  /** Calls `run` after the event loop has taken in what has come until then: messages, sockets, timers. */
  nextTurn(run: () => void): void;
}

/** The event loop of this thread. */
export const threadEventLoop: EventLoop = { nowMs, after, soon: queueMicrotask, nextTurn: (run) => void setImmediate(run) };
