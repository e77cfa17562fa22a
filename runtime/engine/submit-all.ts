import type { RunRecord } from "./run.js";

/** How one of many runs ended. `index` is the position of its input; `runId` is empty when the run was refused. */
export type Settled<Out> =
  | { readonly index: number; readonly runId: string; readonly status: "completed"; readonly output: Out }
  | { readonly index: number; readonly runId: string; readonly status: "failed" | "cancelled"; readonly error: Error };

/** Accepts a run at once, or after its workflow has been loaded or its input checked. Throws or rejects when it is refused. */
export type Accept<In> = (input: In) => RunRecord | Promise<RunRecord>;

export interface SubmitAll<In> {
  readonly accept: Accept<In>;
  readonly inputs: Iterable<In> | AsyncIterable<In>;
  readonly inFlight: number;
  /** Submits no more when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Keeps `inFlight` runs under way and gives each as it ends, also while the next input is still being awaited. Stops submitting when
 * the consumer stops reading. Runs tell of their end by a call, not by a promise each.
 */
export async function* submitAll<In, Out>({
  accept,
  inputs,
  inFlight,
  signal,
}: SubmitAll<In>): AsyncGenerator<Settled<Out>, void, undefined> {
  const window = new Window<In, Out>(accept);
  const source = Symbol.asyncIterator in inputs ? new AsyncSource(inputs, window) : new SyncSource(inputs, window);
  const wake = (): void => window.wake();
  signal?.addEventListener("abort", wake);
  try {
    for (;;) {
      while (signal?.aborted !== true && source.isReady && window.underWay + window.ended.length < inFlight) source.pull();
      if (window.ended.length === 0) {
        if ((source.isExhausted || signal?.aborted === true) && window.underWay === 0) return;
        await window.nextChange();
      }
      const ended = window.ended;
      window.ended = [];
      for (const settled of ended) yield settled;
    }
  } finally {
    signal?.removeEventListener("abort", wake);
    await source.stop();
  }
}

/** Inputs that are there when they are asked for. */
class SyncSource<In> {
  readonly #inputs: Iterator<In>;
  readonly #window: Window<In, unknown>;
  isExhausted = false;

  constructor(inputs: Iterable<In>, window: Window<In, unknown>) {
    this.#inputs = inputs[Symbol.iterator]();
    this.#window = window;
  }

  get isReady(): boolean {
    return !this.isExhausted;
  }

  pull(): void {
    const next = this.#inputs.next();
    if (next.done === true) this.isExhausted = true;
    else this.#window.submit(next.value);
  }

  stop(): void {
    this.#inputs.return?.();
  }
}

/** Inputs that come later, one at a time. */
class AsyncSource<In> {
  readonly #inputs: AsyncIterator<In>;
  readonly #window: Window<In, unknown>;
  #isAsked = false;
  #isStopped = false;
  #broken: { readonly error: unknown } | undefined;
  isExhausted = false;

  constructor(inputs: AsyncIterable<In>, window: Window<In, unknown>) {
    this.#inputs = inputs[Symbol.asyncIterator]();
    this.#window = window;
  }

  /** @throws what the source has thrown */
  get isReady(): boolean {
    if (this.#broken !== undefined) throw this.#broken.error;
    return !this.isExhausted && !this.#isAsked;
  }

  pull(): void {
    this.#isAsked = true;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      const next = await this.#inputs.next();
      if (next.done === true) this.isExhausted = true;
      else if (!this.#isStopped) this.#window.submit(next.value);
    } catch (error) {
      this.#broken = { error };
    }
    this.#isAsked = false;
    this.#window.wake();
  }

  /** A generator that is still making the next input can end only afterwards: that is not waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const isStopping = Promise.resolve(this.#inputs.return?.());
    if (this.#isAsked) isStopping.catch(() => {});
    else await isStopping;
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

  /** Resolves when a run has ended, or wake() is called. */
  nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #follow(index: number, record: RunRecord): void {
    record.whenEnded(() => {
      const { id: runId, value } = record;
      // The output is typed by the workflow, and every failed run has an error.
      if (record.isCompleted) this.#end({ index, runId, status: "completed", output: value as Out });
      else this.#end({ index, runId, status: record.isCancelled ? "cancelled" : "failed", error: value as Error });
    });
  }

  #refused(index: number, error: unknown): void {
    this.#end({ index, runId: "", status: "failed", error: error instanceof Error ? error : new Error(String(error)) });
  }

  #end(settled: Settled<Out>): void {
    this.underWay -= 1;
    this.ended.push(settled);
    this.wake();
  }
}
