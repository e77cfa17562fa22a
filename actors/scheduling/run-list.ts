import type { Run } from "../workflow/run.js";

/** The runs of a worker that have ready tasks, in the order of the engine's scheduler: by rank, then by submission. */
export class RunList {
  readonly #runs: Run[] = [];

  get first(): Run | undefined {
    return this.#runs[0];
  }

  add(run: Run): void {
    if (run.isListed) return;
    run.isListed = true;
    const runs = this.#runs;
    let at = runs.length;
    while (at > 0 && goesBefore(run, runs[at - 1] as Run)) at--;
    if (at === runs.length) runs.push(run);
    else runs.splice(at, 0, run);
  }

  remove(run: Run): void {
    if (!run.isListed) return;
    run.isListed = false;
    const at = this.#runs.indexOf(run);
    if (at === 0) this.#runs.shift();
    else this.#runs.splice(at, 1);
  }
}

function goesBefore(one: Run, other: Run): boolean {
  return one.rank === other.rank ? one.order < other.order : one.rank < other.rank;
}
