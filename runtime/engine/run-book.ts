import { DataFlowerError } from "../../actors/kernel/errors.js";
import { EndedRuns } from "./ended-runs.js";
import type { RunRecord } from "./run.js";

/** Ended runs with an id of their own that are remembered; a power of two. */
export const endedRunsMax = 8192;
/** Ended runs without one that are remembered; a power of two. Few: whatever outlives two minor collections makes each of those dearer. */
export const endedUnnamedRunsMax = 1024;
/** Bytes of encoded inputs and results of ended runs that are remembered, of either kind. */
export const endedBytesMax = 32 * 1024 * 1024;

/**
 * Runs by id: those under way, and the newest that have ended. Runs without an id of their own are searched for by their order, so
 * that the many that nobody asks for cost no entry in a map.
 */
export class RunBook {
  readonly #idPrefix: string;
  readonly #own = new Map<string, RunRecord>();
  /** Without an id of their own, in no order; each knows its place. (A map would, at this rate, leave its old tables to the collector, which keep what they hold alive.) */
  readonly #underWay: RunRecord[] = [];
  readonly #endedOwn = new EndedRuns(endedRunsMax, endedBytesMax, ({ ownId }) => this.#own.delete(ownId as string)); // only such are added
  readonly #endedUnnamed = new EndedRuns(endedUnnamedRunsMax, endedBytesMax);

  /** @param idPrefix precedes the order in the id of a run that has none of its own */
  constructor(idPrefix: string) {
    this.#idPrefix = idPrefix;
  }

  get(runId: string): RunRecord | undefined {
    const own = this.#own.get(runId);
    if (own !== undefined || !runId.startsWith(this.#idPrefix)) return own;
    const order = Number(runId.slice(this.#idPrefix.length));
    const isIt = (record: RunRecord) => record.order === order;
    return this.#underWay.find(isIt) ?? this.#endedUnnamed.find(isIt);
  }

  add(record: RunRecord): void {
    if (record.ownId !== undefined) this.#own.set(record.ownId, record);
    else record.bookPlace = this.#underWay.push(record) - 1;
  }

  /**
   * The run of this id, if it is the same one.
   *
   * @throws DF_RUN_CONFLICT when the id belongs to a run of another workflow or input
   */
  same(runId: string, workflow: string, input: Uint8Array): RunRecord | undefined {
    const known = this.get(runId);
    if (known === undefined) return undefined;
    if (known.workflow === workflow && Buffer.compare(known.input, input) === 0) return known;
    const what = known.workflow === workflow ? "another input" : `workflow ${known.workflow}`;
    throw new DataFlowerError("DF_RUN_CONFLICT", `Cannot accept run ${runId} as an id names one run: it names one of ${what}`, { runId });
  }

  /** Notes an end. Forgets the runs that ended longest ago when there are too many, or when they are too large. */
  ended(record: RunRecord): void {
    if (record.ownId !== undefined) {
      this.#endedOwn.add(record);
      return;
    }
    const last = this.#underWay.pop() as RunRecord; // the run itself is there, at least
    if (last !== record) {
      this.#underWay[record.bookPlace] = last;
      last.bookPlace = record.bookPlace;
    }
    this.#endedUnnamed.add(record);
  }
}
