/**
 * Keeps a worker alive when an error comes that nobody awaits: a task that has ended has left a timer, a listener or a promise behind,
 * and that fails. Such an error is no task's any more; it is told of on stderr, one line of JSON each.
 *
 * Our own mistakes end the thread: what the worker's loop throws (it says so by `letThrough`), and what a broken assertion throws
 * anywhere. In Node an error that is thrown out of the listener to `uncaughtException` ends the thread with that error.
 */

import { DataFlowerError } from "../../actors/kernel/errors.js";

/** Lines a worker writes; what comes behind them is only counted. */
export const strayErrorLinesMax = 100;

let ownFailure: { readonly error: unknown } | undefined;

/** This error ends the thread when it reaches the top. */
export function letThrough(error: unknown): void {
  ownFailure = { error };
}

/** What the lines say of the thread. */
export interface StrayErrorContext {
  readonly worker: number;
  /** Its newest tasks, newest first: one of them has probably left the error behind. */
  readonly tasks: () => readonly string[];
}

/** Tells of stray errors in lines. */
export class StrayErrors {
  /** How many there have been. */
  count = 0;
  readonly #context: StrayErrorContext;
  readonly #write: (line: string) => void;

  constructor(context: StrayErrorContext, write: (line: string) => void) {
    this.#context = context;
    this.#write = write;
  }

  /** @throws the error itself, when it is our own */
  keep(error: unknown): void {
    if (isOwn(error)) throw error;
    this.count += 1;
    const { worker, tasks } = this.#context;
    if (this.count <= strayErrorLinesMax) this.#line({ level: "warn", worker, ...shown(error), tasks: tasks() });
    if (this.count === strayErrorLinesMax) {
      this.#line({ level: "warn", worker, message: "There were so many errors that nobody awaited: further ones are only counted" });
    }
  }

  #line(fields: Readonly<Record<string, unknown>>): void {
    this.#write(`${JSON.stringify(fields)}\n`);
  }
}

/** Installs a keeper for this thread. */
export function keepStrayErrors(context: StrayErrorContext): StrayErrors {
  const strayErrors = new StrayErrors(context, (line) => process.stderr.write(line));
  process.on("uncaughtException", (error) => strayErrors.keep(error));
  process.on("unhandledRejection", (reason) => strayErrors.keep(reason));
  return strayErrors;
}

/** Neither this nor what follows throws, whatever was thrown. */
function isOwn(error: unknown): boolean {
  try {
    if (ownFailure !== undefined && ownFailure.error === error) return true;
    return error instanceof DataFlowerError && error.code === "DF_INTERNAL";
  } catch {
    return false;
  }
}

function shown(error: unknown): { readonly message: string; readonly stack?: string } {
  try {
    if (!(error instanceof Error)) return { message: text(String(error)) };
    return { message: text(`${error.name}: ${error.message}`), stack: text(String(error.stack)) };
  } catch {
    return { message: "a value that cannot be printed" };
  }
}

/** Longest text of a line, in characters. */
const textMax = 4_000;

const text = (whole: string): string => whole.slice(0, textMax);
