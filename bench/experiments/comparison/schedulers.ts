import { z } from "zod";
import type { HeatMapPicture } from "../../report/plots/picture.js";
import { threeDigits } from "../../report/quantities.js";
import { listOf } from "../config-values.js";
import { subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { InstanceFiles, instances } from "../schedulers/instances.js";
import { factorRegret, type Outcome, regretsOf, shareRegret } from "../schedulers/regret.js";
import { type TrialSample, trialOf, trialSchedulers } from "../schedulers/trial.js";
import type { Summary } from "../summary.js";

interface TrialVariant extends Variant {
  readonly instance: string;
  readonly load: number;
  readonly schedulers: readonly string[];
  readonly isSmall: boolean;
}

/** A fair trial: every policy on the same runs, simulated; the same numbers each time. */
export default experiment({
  name: "schedulers",
  category: "comparison",
  question: "Which scheduler is best, and by how much?",
  config: { schedulers: listOf(z.enum(trialSchedulers as [string, ...string[]]), { min: 2 }), loads: listOf(z.number().gt(0).max(2)) },
  variants({ schedulers, loads }, { sharedData, profile }): TrialVariant[] {
    const isSmall = profile === "quick";
    return withInstances(sharedData, isSmall, (all) =>
      all.flatMap(({ name, machines, title }) =>
        loads.map((load) => ({
          key: `${name} ${load}`,
          labels: { instance: name, load, machines, title },
          instance: name,
          load,
          schedulers,
          isSmall,
        })),
      ),
    );
  },
  async measure({ instance: name, load, schedulers, isSmall }, { sharedData }) {
    const samples = withInstances(sharedData, isSmall, (all) => {
      const instance = all.find((one) => one.name === name)!; // variants() has it from there
      return schedulers.map((scheduler) => trialOf(instance, load, scheduler));
    });
    return { metrics: Object.fromEntries(samples.flatMap(metricsOf)), facts: { samples } };
  },
  headline(summary) {
    const { schedulers, cells } = regretsOf(outcomesOf(summary, "meanSlowdown"), factorRegret);
    const worst = schedulers.map((scheduler, row) => ({ scheduler, regret: Math.max(...cells[row]!.filter(Number.isFinite)) }));
    const [best] = worst.sort((a, b) => a.regret - b.regret);
    if (best === undefined || !Number.isFinite(best.regret)) return "not measured";
    const factor = threeDigits(best.regret);
    const nobody = factor === threeDigits(1) ? "" : "none is best everywhere; "; // as far as it is told
    return `${nobody}${best.scheduler} is never slower than ${factor} × the best (mean slowdown, simulated)`;
  },
  figure: (summary) => [
    regretPicture(summary, {
      name: "regret-slowdown",
      metric: "meanSlowdown",
      title: "How much slower than the best scheduler is each? Mean slowdown ÷ that of the best",
      format: "factor",
      shade: { from: 1, to: 100, scale: "log" },
    }),
    regretPicture(summary, {
      name: "regret-deadlines",
      metric: "missed",
      title: "How many more deadlines does each scheduler miss? Percentage points above the best",
      format: "points",
      shade: { from: 0, to: 0.5, scale: "linear" },
    }),
  ],
});

function withInstances<T>(sharedData: string | undefined, isSmall: boolean, use: (all: ReturnType<typeof instances>) => T): T {
  const files = new InstanceFiles();
  try {
    return use(instances(files, sharedData, isSmall));
  } finally {
    files.remove();
  }
}

function metricsOf({ scheduler, meanSlowdown, p99Slowdown, meanWaitMs, makespanMs, missed }: TrialSample): [string, number][] {
  const metrics = { meanSlowdown, p99Slowdown, meanWaitMs, makespanMs, missed };
  return Object.entries(metrics).map(([metric, value]) => [`${metric} of ${scheduler}`, value]);
}

/** A metric of every scheduler in every column. */
function outcomesOf({ variants }: Summary, metric: "meanSlowdown" | "missed"): Outcome[] {
  return variants.flatMap(({ key, metrics }) =>
    Object.entries(metrics)
      .filter(([name]) => name.startsWith(`${metric} of `))
      .map(([name, { median }]) => ({ column: key, scheduler: name.replace(`${metric} of `, ""), value: median })),
  );
}

type RegretOptions = Pick<HeatMapPicture, "name" | "title" | "format" | "shade"> & { readonly metric: "meanSlowdown" | "missed" };

function regretPicture(summary: Summary, { metric, ...picture }: RegretOptions): HeatMapPicture {
  const measured = summary.variants.filter(({ n }) => n > 0);
  const names = [...new Set(measured.map(({ labels }) => String(labels.instance)))];
  const groups = names.map((name) => ({
    name,
    columns: measured.filter(({ labels }) => labels.instance === name).map(({ labels }) => String(labels.load)),
  }));
  const { schedulers, cells } = regretsOf(outcomesOf(summary, metric), metric === "missed" ? shareRegret : factorRegret);
  const machines = names.map((name) => `${name} on ${measured.find(({ labels }) => labels.instance === name)?.labels.machines}`);
  return {
    kind: "heat-map",
    ...picture,
    subtitle: subtitleOf(summary, `simulated, ideal dispatch; columns are loads; machines: ${machines.join(", ")}`),
    rows: schedulers,
    groups,
    cells: cells.map((row) => row.map((value) => (Number.isFinite(value) ? value : null))),
  };
}
