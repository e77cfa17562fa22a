/**
 *   word   0        1         2
 *        ├─ DUE ──┼─ RUNG ──┼─ NEVER ┤
 *
 * DUE    written by the generator: how many runs should have started by now. Read by the thread under load.
 * RUNG   set by the generator when it posts a message, cleared by the thread under load before it reads DUE: at most one message is on its way.
 * NEVER  never changes: what the generator waits on to let time pass.
 */
export const DUE = 0;
export const RUNG = 1;
export const NEVER = 2;
export const WORD_COUNT = 3;

/** What the generator is started with. */
export interface GeneratorData {
  readonly words: Int32Array;
  /** Intended starts in ms after `startMs`. */
  readonly schedule: Float64Array;
}

/** To the generator: begin, at this moment of the monotonic clock. */
export interface Begin {
  readonly startMs: number;
}

/** From the generator: something is due; or all of the schedule has been. */
export type Signal = { readonly kind: "due" } | { readonly kind: "finished"; readonly lateness: string };
