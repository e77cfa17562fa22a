import type { MeasuringOptions } from "../../harness/measuring-options.js";
import { type Pace, quickPace } from "../../harness/pace.js";
import { graphOf } from "../../workloads/graphs.js";
import type { LabelledUnit } from "../measure-units.js";
import type { Row } from "./rows.js";

/** What tells the samples of two units of a contender apart. */
export interface Labels {
  /** Title of its row. */
  readonly row: string;
  readonly inFlight: number;
}

/** Forty steps one after the other; fan-out and fan-in; a tree of a hundred children; and every task read by up to three. */
export const WORKLOADS = ["chain-40", "fan-100", "fan-in-101", "stencil-100"] as const;
export const RUNS_IN_FLIGHT = [1, 100, 1_000] as const;

const QUICK = { workloads: ["fan-in-9"], inFlight: [8] } as const;
/** A thousand runs in flight take longer than that at once: then every run of the first wave counts, and nothing after it. */
const PACE: Pace = { warmupMs: 1_000, measureMs: 2_000 };

/** A process each, with servers of their own. */
export function unitsOf(rows: readonly Row[], { cores, isQuick, restate }: MeasuringOptions): LabelledUnit<Labels>[] {
  const { workloads, inFlight: runsInFlight } = isQuick ? QUICK : { workloads: WORKLOADS, inFlight: RUNS_IN_FLIGHT };
  const pace = isQuick ? quickPace : PACE;
  const unitOf = ({ title, contender, store, durability, commit }: Row, workload: string, inFlight: number): LabelledUnit<Labels> => ({
    contender,
    workloads: [workload],
    labels: { row: title, inFlight },
    parameters: { measure: "durable", threads: cores, store, durability, commit, inFlight, ...pace, ...(restate && { restate }) },
  });
  return rows.flatMap((row) =>
    workloads
      .filter((workload) => row.canExecute?.(graphOf(workload)) ?? true)
      .flatMap((workload) => runsInFlight.map((inFlight) => unitOf(row, workload, inFlight))),
  );
}
