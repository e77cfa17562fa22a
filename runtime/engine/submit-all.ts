import type { RunRecord } from "./run.js";

/** How one of many runs ended. `index` is the position of its input; `runId` is empty when the run was refused. */
export type Settled<Out> =
  | { readonly index: number; readonly runId: string; readonly status: "completed"; readonly output: Out }
  | { readonly index: number; readonly runId: string; readonly status: "failed"; readonly error: Error };

/** Accepts a run at once, or after its workflow has been loaded or its input checked. Throws or rejects when it is refused. */
export type Accept<In> = (input: In) => RunRecord | Promise<RunRecord>;

/**
 * Keeps `inFlight` runs under way and gives each as it ends. Stops submitting when the consumer stops reading. Runs tell of their end
 * by a call, not by a promise each.
 */
export async function* submitAll<In, Out>(
  accept: Accept<In>,
  inputs: Iterable<In> | AsyncIterable<In>,
  inFlight: number,
): AsyncGenerator<Settled<Out>, void, undefined> {
  const window = new Window<In, Out>(accept);
  const source = Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
  let isExhausted = false;
  try {
    for (;;) {
      while (!isExhausted && window.underWay + window.ended.length < inFlight) {
        const step = source.next();
        const next = step instanceof Promise ? await step : step;
        if (next.done === true) isExhausted = true;
        else window.submit(next.value);
      }
      if (window.ended.length === 0) {
        if (window.underWay === 0) return;
        await window.nextEnd();
      }
      const ended = window.ended;
      window.ended = [];
      for (const settled of ended) yield settled;
    }
  } finally {
    await source.return?.();
  }
}

/** The runs of one call: those under way, and those that have ended and not been given out. */
class Window<In, Out> {
  readonly #accept: Accept<In>;
  #index = 0;
  #wake: (() => void) | undefined;
  underWay = 0;
  ended: Settled<Out>[] = [];

  constructor(accept: Accept<In>) {
    this.#accept = accept;
  }

  submit(input: In): void {
    const index = this.#index++;
    this.underWay += 1;
    try {
      const accepted = this.#accept(input);
      if (accepted instanceof Promise) {
        accepted.then(
          (record) => this.#follow(index, record),
          (error: unknown) => this.#refused(index, error),
        );
      } else this.#follow(index, accepted);
    } catch (error) {
      this.#refused(index, error);
    }
  }

  /** Resolves when a run has ended. */
  nextEnd(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #follow(index: number, record: RunRecord): void {
    record.whenEnded(() => {
      const { id: runId, value } = record;
      // The output is typed by the workflow, and every failed run has an error.
      if (record.isCompleted) this.#end({ index, runId, status: "completed", output: value as Out });
      else this.#end({ index, runId, status: "failed", error: value as Error });
    });
  }

  #refused(index: number, error: unknown): void {
    this.#end({ index, runId: "", status: "failed", error: error instanceof Error ? error : new Error(String(error)) });
  }

  #end(settled: Settled<Out>): void {
    this.underWay -= 1;
    this.ended.push(settled);
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
