import { labelValue } from "./label-value.js";
import { SeriesLimit } from "./series-limit.js";

/** Why something is in no metric. */
export type Reason = "too many series" | "no finite number" | "unreadable latencies";

export interface AdmissionOptions {
  /** How many label sets a metric may have. */
  readonly seriesMaxOf: (name: string) => number;
  /** Told of each thing that is left out. */
  readonly leftOut: (reason: Reason) => void;
}

/** Decides what may be in a metric, and has the rest counted. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #limits = new Map<string, SeriesLimit>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** The labels as they may be shown; undefined where the metric has as many sets of them as it may. */
  labels<Label extends string>(name: string, of: Readonly<Record<Label, string>>): Record<Label, string> | undefined {
    const limit = this.#limits.get(name) ?? new SeriesLimit(this.#options.seriesMaxOf(name));
    this.#limits.set(name, limit);
    const shown = Object.entries<string>(of).map(([label, value]) => [label, labelValue(value)]);
    const labels = Object.fromEntries(shown) as Record<Label, string>; // as: the same names
    if (limit.admits(labels)) return labels;
    this.leaveOut("too many series");
    return undefined;
  }

  /** Whether it is one that metrics hold: Prometheus' library throws for others. */
  isNumber(value: number): boolean {
    if (!Number.isFinite(value)) this.leaveOut("no finite number");
    return Number.isFinite(value);
  }

  leaveOut(reason: Reason): void {
    this.#options.leftOut(reason);
  }
}
