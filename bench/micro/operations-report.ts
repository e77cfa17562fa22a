import type { MeasuredOperation } from "../harness/measurements/micro.js";
import { bootstrapMedian, type Estimate } from "../harness/statistics.js";
import { count, threeDigits } from "../report/quantities.js";
import { table } from "../report/table.js";

export interface OperationRow {
  readonly name: string;
  /** Of one operation, in ns; median of the rounds. */
  readonly ns: Estimate;
  /** How many were timed, in all rounds. */
  readonly count: number;
}

/** One row an operation. */
export function summariseOperations(measured: readonly MeasuredOperation[], seed: number): OperationRow[] {
  const names = [...new Set(measured.map(({ name }) => name))];
  return names.map((name) => {
    const ofName = measured.filter((operation) => operation.name === name);
    const ns = bootstrapMedian(
      ofName.map(({ medianNs }) => medianNs),
      seed,
    );
    return { name, ns, count: ofName.reduce((sum, { batches, calls }) => sum + batches * calls, 0) };
  });
}

export function renderOperations(rows: readonly OperationRow[]): string {
  const columns = [
    { title: "operation", align: "left" as const },
    ...["ns", "95 %", "n"].map((title) => ({ title, align: "right" as const })),
  ];
  const cells = rows.map(({ name, ns, count: n }) => [
    name,
    threeDigits(ns.median),
    `${threeDigits(ns.low)} – ${threeDigits(ns.high)}`,
    count(n),
  ]);
  return table(columns, cells);
}
