import type { JournalView } from "../../stores/store.js";
import { entriesOf } from "./stored-run.js";

/** How much is kept of runs that have ended. */
export interface RetentionLimits {
  readonly endedRunsMax: number;
  /** In ms since their end. */
  readonly endedAgeMsMax: number;
  /** Of their inputs and ends. */
  readonly endedBytesMax: number;
}

interface EndedRun {
  readonly id: string;
  /** In ms of wall-clock time. */
  readonly endedAt: number;
  readonly bytes: number;
}

/** Runs that have ended and that the store still knows, oldest first; says which of them are to be forgotten. */
export class Retention {
  readonly #limits: RetentionLimits;
  #runs: EndedRun[] = [];
  #from = 0;
  #bytes = 0;

  constructor(limits: RetentionLimits) {
    this.#limits = limits;
  }

  /** Takes in what the store knows; what is damaged there is never forgotten. @returns ids of runs that have not ended */
  async load(journal: JournalView): Promise<ReadonlySet<string>> {
    const found: EndedRun[] = [];
    const unfinished = new Set<string>();
    for await (const { id, entry } of entriesOf(journal)) {
      if (entry === undefined) continue;
      if (entry.status === "accepted") unfinished.add(id);
      else found.push({ id, endedAt: entry.endedAt, bytes: entry.bytes });
    }
    this.#runs = found.sort((left, right) => left.endedAt - right.endedAt);
    this.#bytes = found.reduce((sum, { bytes }) => sum + bytes, 0);
    return unfinished;
  }

  /** Takes in a run that has ended. @returns ids of those that are to be forgotten */
  ended(run: EndedRun): string[] {
    this.#runs.push(run);
    this.#bytes += run.bytes;
    const forgotten: string[] = [];
    for (
      let oldest = this.#runs[this.#from];
      oldest !== undefined && this.#isTooMuch(oldest, run.endedAt);
      oldest = this.#runs[this.#from]
    ) {
      forgotten.push(oldest.id);
      this.#bytes -= oldest.bytes;
      this.#from += 1;
    }
    if (this.#from > this.#runs.length / 2) {
      this.#runs = this.#runs.slice(this.#from);
      this.#from = 0;
    }
    return forgotten;
  }

  /** A run that was deleted, or goes on: there is nothing of it to be forgotten later. */
  remove(id: string): void {
    const index = this.#runs.findIndex((run, place) => place >= this.#from && run.id === id);
    if (index < 0) return;
    const [removed] = this.#runs.splice(index, 1);
    this.#bytes -= removed?.bytes ?? 0;
  }

  #isTooMuch({ endedAt }: EndedRun, now: number): boolean {
    const { endedRunsMax, endedAgeMsMax, endedBytesMax } = this.#limits;
    return this.#runs.length - this.#from > endedRunsMax || this.#bytes > endedBytesMax || now - endedAt > endedAgeMsMax;
  }
}
