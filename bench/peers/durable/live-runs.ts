import type { Output } from "../../workloads/task-graph.js";

/** Runs that somebody waits for, by their numbers. When anything fails all of them do: no benchmark has failing tasks. */
export class LiveRuns<Run> {
  readonly #waiting = new Map<number, { readonly run: Run; resolve(answer: readonly Output[]): void; reject(error: Error): void }>();
  #last = 0;

  /** @returns the answer, once `end` is called with its number */
  begin(run: Run, start: (id: number) => Promise<unknown>): Promise<readonly Output[]> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { run, resolve, reject });
      start(id).catch(reject);
    });
  }

  /** Whether it is still waited for. */
  has(id: number): boolean {
    return this.#waiting.has(id);
  }

  get(id: number): Run {
    return this.#of(id).run;
  }

  end(id: number, answer: readonly Output[]): void {
    this.#of(id).resolve(answer);
    this.#waiting.delete(id);
  }

  readonly fail = (error: Error): void => {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  };

  #of(id: number) {
    const found = this.#waiting.get(id);
    if (found === undefined) throw new Error(`Cannot go on as run ${id} must be waited for`);
    return found;
  }
}
