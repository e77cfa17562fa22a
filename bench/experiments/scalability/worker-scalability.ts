import type { Throughput } from "../../harness/closed-loop.js";
import type { MetgReferenceSample, MetgSample } from "../../harness/measurements/metg.js";
import { bootstrapMedian, type Estimate } from "../../harness/statistics.js";
import { TITLES } from "../../peers/titles.js";
import type { Line, Picture } from "../../report/plots/picture.js";
import { ratioWithInterval } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { STEPS } from "../../workloads/stencil-1d.js";
import { count, size } from "../config-values.js";
import { linesOf, subtitleOf } from "../drawing.js";
import { experiment, type MeasureContext, type Variant } from "../experiment.js";
import { paceOf, warmupRunsOf } from "../pace-of.js";
import { pairedByRound } from "../paired-by-round.js";
import type { Measured, Sample } from "../sample.js";
import type { Summary } from "../summary.js";

const kinds = ["computing", "small"] as const;
type Kind = (typeof kinds)[number];

/** Tasks that compute have to cross threads one by one; of small ones a whole run a message is the best that pools can do. */
const contendersOf = {
  computing: { dataflower: TITLES.dataflower, "piscina-task": TITLES["piscina-task"], threads: "plain threads" },
  small: { dataflower: TITLES.dataflower, "piscina-run": TITLES["piscina-run"], "promises-threads": TITLES["promises-threads"] },
} as const satisfies Record<Kind, Readonly<Record<string, string>>>;

interface WorkersVariant extends Variant {
  readonly kind: Kind;
  readonly contender: string;
  readonly workers: number;
  readonly width: number;
  readonly kernelRepeats: number;
  readonly smallTasks: number;
}

const keyOf = (kind: Kind, contender: string, workers: number) => `${kind} ${contender} ${workers}`;
const speedUpOf = (kind: Kind, contender: string, workers: number) => `speed-up of ${contender} by ${workers} workers, ${kind} tasks`;
/** Small tasks: enough runs in flight for all workers. */
const RUNS_IN_FLIGHT = 64;
const RATES = { computing: "repeatsPerSecond", small: "tasksPerSecond" } as const satisfies Record<Kind, string>;

export default experiment({
  name: "worker_scalability",
  category: "scalability",
  question: "How much faster are more workers?",
  config: { width: count.max(1_000), kernel_repeats: count.max(10_000_000), small_tasks: size },
  variants: ({ width, kernel_repeats, small_tasks }, { cores }): WorkersVariant[] =>
    kinds.flatMap((kind) =>
      Object.entries(contendersOf[kind]).flatMap(([contender, title]) =>
        Array.from({ length: cores }, (_, core) => core + 1).map((workers) => ({
          key: keyOf(kind, contender, workers),
          labels: { kind, contender: title, workers },
          ...{ kind, contender, workers, width, kernelRepeats: kernel_repeats, smallTasks: small_tasks },
        })),
      ),
    ),
  measure: (variant, context) => (variant.kind === "small" ? measureSmall(variant, context) : measureComputing(variant, context)),
  comparisons: (variants) =>
    variants
      .filter(({ workers }) => workers > 1)
      .map(({ key, kind, contender, workers }) => ({
        name: speedUpOf(kind, contender, workers),
        metric: RATES[kind],
        of: key,
        to: keyOf(kind, contender, 1),
      })),
  derive: (samples, variants, seed) =>
    Object.fromEntries(
      variants.flatMap((variant) => {
        const efficiency = efficiencyOf(samples, variant, seed);
        return Number.isFinite(efficiency.median) ? [[`efficiency ${variant.key}`, efficiency] as const] : [];
      }),
    ),
  headline({ ratios }) {
    const found = kinds.flatMap((kind) => ratios.filter(({ of }) => of.startsWith(`${kind} dataflower`)).at(-1) ?? []);
    if (found.length === 0) return "not measured";
    return found.map((ratio) => `${ratio.name.replace("dataflower", TITLES.dataflower)}: ${ratioWithInterval(ratio)}`).join("; ");
  },
  figure: (summary) => kinds.flatMap((kind) => [ratePicture(summary, kind), speedUpPicture(summary, kind)]).sort(speedUpsFirst),
});

const speedUpsFirst = (one: Picture, other: Picture): number =>
  Number(other.name.includes("speed-up")) - Number(one.name.includes("speed-up"));

async function measureSmall(
  { contender, workers: threads, smallTasks }: WorkersVariant,
  { unit, pace }: MeasureContext,
): Promise<Measured> {
  const workload = `stencil-${smallTasks}`;
  const parameters = { measure: "throughput", threads, handlers: "sync", inFlight: RUNS_IN_FLIGHT, ...paceOf(contender, pace) } as const;
  const [sample] = (await unit({ contender, workloads: [workload], parameters })) as [Throughput]; // as: what this measurement prints
  return { metrics: { tasksPerSecond: sample.tasksPerSecond }, facts: { answers: answersDigest(workload) }, details: sample };
}

/** How much of the kernel is done a second, whoever organises it: every task refuses inputs that are wrong. */
async function measureComputing(variant: WorkersVariant, { unit, pace }: MeasureContext): Promise<Measured> {
  const { contender, workers: threads, width, kernelRepeats } = variant;
  if (contender === "threads") {
    const parameters = { measure: "metg-reference", threads, kernelRepeats, passMs: pace.measureMs, passes: 1 } as const;
    const unitOf = { contender, workloads: ["kernel"], parameters };
    const [sample] = (await unit(unitOf)) as [MetgReferenceSample]; // as: what this measurement prints
    return { metrics: { repeatsPerSecond: sample.repeatsPerSecond } };
  }
  const runs = { warmupRuns: warmupRunsOf(contender) };
  const parameters = { measure: "metg", threads, width, kernelRepeats: [kernelRepeats], ...runs, lengthMs: pace.measureMs } as const;
  const [sample] = (await unit({ contender, workloads: ["stencil-1d"], parameters })) as [MetgSample]; // as: what this measurement prints
  const [length] = sample.lengths;
  return { metrics: { repeatsPerSecond: (STEPS * width * kernelRepeats * 1e3) / length!.wallMs }, details: length };
}

/** Speed-up ÷ workers. */
function efficiencyOf(samples: readonly Sample[], { key, kind, contender, workers }: WorkersVariant, seed: number): Estimate {
  const pairs = pairedByRound(samples, { metric: RATES[kind], of: key, to: keyOf(kind, contender, 1) });
  return bootstrapMedian(
    pairs.map(([rate, one]) => rate / one / workers),
    seed,
  );
}

const what = {
  computing: ({ variants }: Summary) => `stencil of ${STEPS} steps that compute${variants.length === 0 ? "" : ", one run at a time"}`,
  small: () => `stencil of small tasks, ${RUNS_IN_FLIGHT} runs in flight`,
} as const satisfies Record<Kind, (summary: Summary) => string>;

const namesOf = (kind: Kind): [string, string][] => Object.entries(contendersOf[kind]);
const workersOf = ({ variants }: Summary): number[] =>
  [...new Set(variants.map(({ labels }) => Number(labels.workers)))].sort((a, b) => a - b);

function speedUpPicture(summary: Summary, kind: Kind): Picture {
  const workers = workersOf(summary);
  const lines = namesOf(kind).map(
    ([contender, name]): Line => ({
      name,
      points: workers.map((x) => ({ x, y: x === 1 ? 1 : summary.ratios.find((ratio) => ratio.name === speedUpOf(kind, contender, x)) })),
    }),
  );
  return {
    kind: "lines",
    name: `worker-scalability-speed-up-${kind}`,
    title: kind === "computing" ? "How much faster do more workers compute?" : "How much faster do more workers get through small tasks?",
    subtitle: subtitleOf(summary, `${what[kind](summary)}; dashed: as many times as fast as there are workers`),
    x: { name: "workers", isWhole: true },
    y: { name: "times as fast as one worker" },
    lines: [...lines, { name: "ideal", points: workers.map((x) => ({ x, y: x })), stroke: "dashed" }],
  };
}

function ratePicture(summary: Summary, kind: Kind): Picture {
  const own = summary.variants.filter(({ labels }) => labels.kind === kind);
  return {
    kind: "lines",
    name: `worker-scalability-rate-${kind}`,
    title:
      kind === "computing"
        ? "How much do so many workers compute a second?"
        : "How many small tasks a second do so many workers get through?",
    subtitle: subtitleOf(summary, what[kind](summary)),
    x: { name: "workers", isWhole: true },
    y: { name: kind === "computing" ? "repeats of the kernel/s" : "tasks/s" },
    lines: linesOf(own, { line: "contender", x: "workers", y: RATES[kind] }),
  };
}
