/**
 * The end of a run, from its home to the control thread.
 *
 *   word 0     1      2     3        4-5       6-7         8              9 …
 *       ├ slot┼ epoch┼ isOk┼ workers┼ started ┼ ended     ┼ body bytes,  ┼ per worker: tasks, work in µs ┼ body … ┤
 *                                                            -1 = by port
 *
 * `started` and `ended` in ms on the engine's clock. The body is the encoded result, or the encoded error.
 */

import { readDouble, writeDouble } from "./double-words.js";

const HEADER_WORDS = 9;

/** A larger body goes by MessagePort. */
export const resultBytesMax = 16 * 1024;

export interface RunResult {
  readonly slot: number;
  readonly epoch: number;
  readonly isOk: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  /** By worker. */
  readonly tasks: readonly number[];
  readonly workMs: readonly number[];
  /** undefined: it comes by port. */
  readonly body: Uint8Array | undefined;
}

/** Bytes of the frame of a run with a body of this length. */
export function resultFrameBytes(workers: number, bodyBytes: number): number {
  return (HEADER_WORDS + workers * 2) * 4 + bodyBytes;
}

/** Writes a result into reserved room of a ring; `byteOffset` is aligned to a word. */
export function writeResult(ints: Int32Array, bytes: Uint8Array, byteOffset: number, result: RunResult): void {
  const at = byteOffset >> 2;
  const workers = result.tasks.length;
  ints[at] = result.slot;
  ints[at + 1] = result.epoch;
  ints[at + 2] = result.isOk ? 1 : 0;
  ints[at + 3] = workers;
  writeDouble(ints, at + 4, result.startedAt);
  writeDouble(ints, at + 6, result.endedAt);
  ints[at + 8] = result.body === undefined ? -1 : result.body.length;
  for (let worker = 0; worker < workers; worker++) {
    ints[at + HEADER_WORDS + worker * 2] = result.tasks[worker] as number;
    ints[at + HEADER_WORDS + worker * 2 + 1] = Math.min(0x7fffffff, Math.round((result.workMs[worker] as number) * 1000));
  }
  if (result.body !== undefined) bytes.set(result.body, byteOffset + (HEADER_WORDS + workers * 2) * 4);
}

/** Reads a frame that take() gave. The body is a view of it. */
export function readResult(frame: Uint8Array): RunResult {
  const words = new Int32Array(frame.buffer, frame.byteOffset, frame.length >> 2);
  const workers = words[3] as number;
  const bodyBytes = words[8] as number;
  const bodyAt = (HEADER_WORDS + workers * 2) * 4;
  const tasks = new Array<number>(workers);
  const workMs = new Array<number>(workers);
  for (let worker = 0; worker < workers; worker++) {
    tasks[worker] = words[HEADER_WORDS + worker * 2] as number;
    workMs[worker] = (words[HEADER_WORDS + worker * 2 + 1] as number) / 1000;
  }
  return {
    slot: words[0] as number,
    epoch: words[1] as number,
    isOk: words[2] === 1,
    startedAt: readDouble(words, 4),
    endedAt: readDouble(words, 6),
    tasks,
    workMs,
    body: bodyBytes < 0 ? undefined : frame.subarray(bodyAt, bodyAt + bodyBytes),
  };
}
