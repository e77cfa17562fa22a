import type { AttemptContext } from "./attempt-context.js";

/** An attempt that waits for a promise. */
export class WaitingAttempt {
  readonly context: AttemptContext;
  /** Neighbours in the list; undefined once it has been taken out, so that what has ended keeps nothing alive. */
  newer: WaitingAttempt | undefined = undefined;
  older: WaitingAttempt | undefined = undefined;

  constructor(context: AttemptContext) {
    this.context = context;
  }
}

/**
 * The attempts that wait for promises, the newest first: a linked list, from which each can take itself out. (A map that is entered and
 * left at this rate is made anew all the time, and its old tables keep what they held alive until a full collection.)
 */
export class WaitingAttempts {
  #newest: WaitingAttempt | undefined;

  add(context: AttemptContext): WaitingAttempt {
    const added = new WaitingAttempt(context);
    added.older = this.#newest;
    if (this.#newest !== undefined) this.#newest.newer = added;
    this.#newest = added;
    return added;
  }

  /** Takes out one that is in the list. */
  remove(attempt: WaitingAttempt): void {
    const { newer, older } = attempt;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    if (older !== undefined) older.newer = newer;
    attempt.newer = undefined;
    attempt.older = undefined;
  }

  /** The newest of them, at most so many. */
  newest(max: number): AttemptContext[] {
    const contexts: AttemptContext[] = [];
    for (let at = this.#newest; at !== undefined && contexts.length < max; at = at.older) contexts.push(at.context);
    return contexts;
  }
}
