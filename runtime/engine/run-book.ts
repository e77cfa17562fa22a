import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { RunRecord } from "./run.js";

/** Ended runs that are remembered; a power of two. */
export const endedRunsMax = 8192;
/** Bytes of encoded inputs and results of ended runs that are remembered. */
export const endedBytesMax = 64 * 1024 * 1024;

/**
 * Runs by id: those under way, and the newest that have ended. Runs without an id of their own are found by their order, so that
 * the many that nobody asks for cost no entry in a map.
 */
export class RunBook {
  readonly #idPrefix: string;
  readonly #own = new Map<string, RunRecord>();
  readonly #underWay = new Map<number, RunRecord>();
  readonly #ended: (RunRecord | undefined)[] = new Array(endedRunsMax).fill(undefined);
  #endedCount = 0;
  #forgottenCount = 0;
  #endedBytes = 0;

  /** @param idPrefix precedes the order in the id of a run that has none of its own */
  constructor(idPrefix: string) {
    this.#idPrefix = idPrefix;
  }

  get(runId: string): RunRecord | undefined {
    const own = this.#own.get(runId);
    if (own !== undefined || !runId.startsWith(this.#idPrefix)) return own;
    const order = Number(runId.slice(this.#idPrefix.length));
    return this.#underWay.get(order) ?? this.#ended.find((record) => record?.order === order && record.ownId === undefined);
  }

  add(record: RunRecord): void {
    if (record.ownId === undefined) this.#underWay.set(record.order, record);
    else this.#own.set(record.ownId, record);
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
    if (record.ownId === undefined) this.#underWay.delete(record.order);
    this.#ended[this.#endedCount++ & (endedRunsMax - 1)] = record;
    this.#endedBytes += record.bytes;
    while (this.#endedCount - this.#forgottenCount >= endedRunsMax || this.#endedBytes > endedBytesMax) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const at = this.#forgottenCount++ & (endedRunsMax - 1);
    const oldest = this.#ended[at] as RunRecord; // there are that many
    this.#ended[at] = undefined;
    this.#endedBytes -= oldest.bytes;
    if (oldest.ownId !== undefined) this.#own.delete(oldest.ownId);
  }
}
