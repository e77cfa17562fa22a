import { type Instance, InstanceFiles, instances as instancesOf } from "../../experiments/schedulers/instances.js";
import { factorRegret, type Outcome, type Regrets, regretsOf, shareRegret } from "../../experiments/schedulers/regret.js";
import { type TrialSample, trialLoads, trialOf, trialSchedulers } from "../../experiments/schedulers/trial.js";
import { eachOf } from "../../goals/each-of.js";
import type { MeasuringOptions } from "../../harness/measuring-options.js";
import type { HeatMapPicture } from "../../report/plots/picture.js";
import { threeDigits } from "../../report/quantities.js";
import { table } from "../../report/table.js";
import { sharedDataOf } from "../../workloads/recorded-traces.js";

export interface SimulatedTrial {
  readonly samples: readonly TrialSample[];
  readonly instances: readonly Pick<Instance, "name" | "title" | "machines">[];
  readonly note: string;
}

const MISSING_NOTE = "RECORDED WORKLOADS ARE LEFT OUT: there is no third-party data in ../shared/data\n\n";

/** Every policy on every instance at every load: the same each time. */
export async function measureSimulatedTrial({ packageRoot, isQuick }: MeasuringOptions): Promise<SimulatedTrial> {
  const sharedData = sharedDataOf(packageRoot);
  const files = new InstanceFiles();
  try {
    const all = instancesOf(files, sharedData, isQuick);
    const cases = all.flatMap((instance) =>
      trialLoads.flatMap((load) => trialSchedulers.map((scheduler) => ({ instance, load, scheduler }))),
    );
    const samples = await eachOf("simulated trial", cases, async ({ instance, load, scheduler }) => trialOf(instance, load, scheduler));
    return { samples, instances: all, note: sharedData === undefined ? MISSING_NOTE : "" };
  } finally {
    files.remove();
  }
}

const slowdowns = (samples: readonly TrialSample[]): Regrets => regretsOf(outcomes(samples, "meanSlowdown"), factorRegret);
const misses = (samples: readonly TrialSample[]): Regrets => regretsOf(outcomes(samples, "missed"), shareRegret);

function outcomes(samples: readonly TrialSample[], figure: "meanSlowdown" | "missed"): Outcome[] {
  return samples.map((sample) => ({ column: `${sample.instance} ${sample.load}`, scheduler: sample.scheduler, value: sample[figure] }));
}

export function simulatedTables(samples: readonly TrialSample[], instances: SimulatedTrial["instances"]): string {
  return [
    ...instances.map(({ name, title, machines }) => `${name}: ${title}; ${machines} machines`),
    "",
    "Mean slowdown beside the best policy of each column, by load:",
    regretTable(slowdowns(samples), factor),
    "",
    "Runs that missed their deadlines beside the best, in percentage points:",
    regretTable(misses(samples), points),
  ].join("\n");
}

function regretTable({ schedulers, columns, cells }: Regrets, format: (value: number) => string): string {
  return table(
    [{ title: "scheduler", align: "left" }, ...columns.map((title) => ({ title, align: "right" as const }))],
    schedulers.map((scheduler, row) => [scheduler, ...cells[row]!.map(format)]),
  );
}

const factor = (value: number): string => (value < 1.005 ? "1" : value >= 1_000 ? `${threeDigits(value / 1_000)}k` : threeDigits(value));
const points = (value: number): string => (value < 0.0005 ? "0" : (value * 100).toFixed(1));

export function trialPlots(samples: readonly TrialSample[], instances: SimulatedTrial["instances"]): HeatMapPicture[] {
  const groups = instances.map(({ name }) => ({ name, columns: trialLoads.map(String) }));
  const conditions = `simulated, ideal dispatch; columns are loads; ${instances.map(({ name, machines }) => `${name} on ${machines}`).join(", ")}`;
  const [byFactor, byPoints] = [slowdowns(samples), misses(samples)];
  return [
    {
      ...{ kind: "heat-map", name: "regret-slowdown", groups, subtitle: conditions },
      title: "How much slower than the best scheduler is each? Mean slowdown ÷ that of the best",
      ...{ rows: byFactor.schedulers, cells: byFactor.cells, format: "factor", shade: { from: 1, to: 100, scale: "log" } },
    },
    {
      ...{ kind: "heat-map", name: "regret-deadlines", groups, subtitle: conditions },
      title: "How many more deadlines does each scheduler miss? Percentage points above the best",
      ...{ rows: byPoints.schedulers, cells: byPoints.cells, format: "points", shade: { from: 0, to: 0.5, scale: "linear" } },
    },
  ];
}
