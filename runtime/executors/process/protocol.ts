/**
 * What a worker and a child process say to each other, in frames (see codec/pipe-frame.ts), over pipes of their own: the standard ones are
 * the task's.
 *
 *   worker                                     child process
 *      │  requests: load, run, abort  ────────▶  main thread: the handler
 *      │  ◀──────── answers: ready, heartbeat, returned …
 *      │  lifeline ─── closes with the worker ▶  watch thread: ends the process, also while the main thread is held
 *      │  ◀──────── exhausted, a single byte     watch thread: the process has taken too much memory
 *
 * Answers are written with the main thread waiting until the pipe has taken them, so that half a frame is always a mistake.
 */
import type { HandlerSource } from "../../authoring/handler-source.js";

/** Tells the program that it was started to be a child: the last of its arguments. */
export const childMark = "--dataflower-child-process";

/** Largest frame to a child: an input with the heartbeat of the attempt before. */
export const requestBytesMax = 1 << 30;

/** Largest frame from a child: a value of the largest size may take more bytes than that when it is encoded, or be an error with its fields. */
export const answerBytesMax = (outputBytesMax: number): number => 4 * outputBytesMax + (1 << 20);

export interface LoadRequest {
  readonly kind: "load";
  readonly worker: number;
  readonly workflow: string;
  readonly source: HandlerSource;
  /** Which of the workflow's handlers. */
  readonly handler: number;
  readonly outputBytesMax: number;
  /** What the child may take beyond what it has taken when the handler is loaded, in bytes. */
  readonly memoryBytesMax: number;
}

/** The payload is the input. */
export interface RunRequest {
  readonly kind: "run";
  /** Rises with each attempt that the child is given. */
  readonly number: number;
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
  readonly fence: number;
  /** Details of the last heartbeat of the attempt before. */
  readonly heartbeat: unknown;
}

/** The attempt at hand is given up. The payload is the reason, as ErrorData. */
export interface AbortRequest {
  readonly kind: "abort";
}

export type Request = LoadRequest | RunRequest | AbortRequest;

/**
 * What a child says.
 *
 * | kind | payload |
 * |---|---|
 * | ready: the handler is loaded | none |
 * | unloadable: it cannot be | the error, as ErrorData |
 * | heartbeat | its details |
 * | returned | the output |
 * | threw | what was thrown, as ErrorData |
 * | refused: what the handler returned is no data or too large | the error, as ErrorData |
 * | exhausted: the process has taken too much memory | none |
 */
export interface Answer {
  readonly kind: "ready" | "unloadable" | "heartbeat" | "returned" | "threw" | "refused" | "exhausted";
  /** Of the attempt that it is about; 0: none. */
  readonly number: number;
}

const answerKinds: ReadonlySet<unknown> = new Set<Answer["kind"]>([
  "ready",
  "unloadable",
  "heartbeat",
  "returned",
  "threw",
  "refused",
  "exhausted",
]);

/** Whether data that has come out of a pipe is an answer: task code can write there, too. */
export function isAnswer(head: unknown): head is Answer {
  if (typeof head !== "object" || head === null) return false;
  const { kind, number } = head as { kind?: unknown; number?: unknown };
  return answerKinds.has(kind) && Number.isInteger(number);
}

/** What the watch thread of a child is given when the handler is loaded. */
export interface WatchStart {
  /** The most memory that the process has had by then. */
  readonly loadedBytes: number;
  /** What it may take beyond that. */
  readonly memoryBytesMax: number;
}
