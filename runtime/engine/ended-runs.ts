import type { RunRecord } from "./run.js";

/** The newest runs that have ended, oldest first. Bounded by their number and by the bytes of their encoded inputs and results. */
export class EndedRuns {
  readonly #records: (RunRecord | undefined)[];
  readonly #bytesMax: number;
  /** Told of each run that is forgotten. */
  readonly #onForgotten: (record: RunRecord) => void;
  #added = 0;
  #forgotten = 0;
  #bytes = 0;

  /** @param runsMax a power of two */
  constructor(runsMax: number, bytesMax: number, onForgotten: (record: RunRecord) => void = () => {}) {
    this.#records = new Array<RunRecord | undefined>(runsMax).fill(undefined);
    this.#bytesMax = bytesMax;
    this.#onForgotten = onForgotten;
  }

  add(record: RunRecord): void {
    if (this.#added - this.#forgotten === this.#records.length) this.#forgetOldest();
    this.#records[this.#added++ & (this.#records.length - 1)] = record;
    this.#bytes += record.bytes;
    while (this.#bytes > this.#bytesMax) this.#forgetOldest();
  }

  find(is: (record: RunRecord) => boolean): RunRecord | undefined {
    return this.#records.find((record) => record !== undefined && is(record));
  }

  #forgetOldest(): void {
    const at = this.#forgotten++ & (this.#records.length - 1);
    const oldest = this.#records[at] as RunRecord; // there are that many
    this.#records[at] = undefined;
    this.#bytes -= oldest.bytes;
    this.#onForgotten(oldest);
  }
}
