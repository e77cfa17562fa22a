import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { RunRecord } from "./run.js";

/** Ended runs that are remembered. */
export const endedRunsMax = 10_000;

/** Runs by id: those under way, and the newest that have ended. */
export class RunBook {
  readonly #runs = new Map<string, RunRecord>();
  readonly #ended: (string | undefined)[] = new Array(endedRunsMax).fill(undefined);
  #next = 0;

  get(runId: string): RunRecord | undefined {
    return this.#runs.get(runId);
  }

  add(record: RunRecord): void {
    this.#runs.set(record.id, record);
  }

  /**
   * The run of this id, if it is the same one.
   *
   * @throws DF_RUN_CONFLICT when the id belongs to a run of another workflow or input
   */
  same(runId: string, workflow: string, input: Uint8Array): RunRecord | undefined {
    const known = this.#runs.get(runId);
    if (known === undefined) return undefined;
    if (known.workflow === workflow && Buffer.compare(known.input, input) === 0) return known;
    const what = known.workflow === workflow ? "another input" : `workflow ${known.workflow}`;
    throw new DataFlowerError("DF_RUN_CONFLICT", `Cannot accept run ${runId} as an id names one run: it names one of ${what}`, { runId });
  }

  /** Forgets the run that ended longest ago, when there are too many. */
  ended(record: RunRecord): void {
    const oldest = this.#ended[this.#next];
    if (oldest !== undefined) this.#runs.delete(oldest);
    this.#ended[this.#next] = record.id;
    this.#next = (this.#next + 1) % endedRunsMax;
  }
}
