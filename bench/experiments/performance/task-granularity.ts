import { curvePointsOf, type MetgReferenceSample, type MetgSample } from "../../harness/measurements/metg.js";
import { type CurvePoint, medianCurve, metgUs } from "../../harness/metg-curve.js";
import { bootstrap } from "../../harness/statistics.js";
import { microseconds } from "../../report/quantities.js";
import { STEPS } from "../../workloads/stencil-1d.js";
import { count, listOf } from "../config-values.js";
import { subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import type { Sample } from "../sample.js";

const contenders = {
  dataflower: "DataFlower",
  "dataflower-latency": "DataFlower, profile latency",
  "piscina-task": "piscina, a task a message",
} as const;
type StencilContender = keyof typeof contenders;
const contenderNames = Object.keys(contenders) as StencilContender[]; // as: Object.keys forgets that the keys are known

interface GranularityVariant extends Variant {
  readonly contender: StencilContender;
  readonly width: number;
  readonly kernelRepeats: readonly number[];
}

/** A pool with a task a message reaches half of the cores only with tasks this long: shorter ones say nothing. */
const POOL_REPEATS_MIN = 256;
const LEVELS = [0.5, 0.8] as const;
/** Of the kernel that efficiency is measured against: reading the clock between such long ones costs nothing. */
const REFERENCE_REPEATS = 1024;

/** The minimum effective task granularity, METG (Slaughter et al., Task Bench, SC '20). */
export default experiment({
  name: "task_granularity",
  category: "performance",
  question: "How small may tasks be before the cores do something else?",
  config: { widths: listOf(count.max(64)), kernel_repeats: listOf(count.max(1_000_000), { min: 2 }) },
  variants: ({ widths, kernel_repeats }): GranularityVariant[] =>
    contenderNames.flatMap((contender) =>
      widths.map((width) => ({
        key: `${contender} W=${width}`,
        labels: { contender: contenders[contender], width },
        contender,
        width,
        // From long to short, as the curve is read.
        kernelRepeats: kernel_repeats
          .filter((repeats) => contender !== "piscina-task" || repeats >= POOL_REPEATS_MIN)
          .sort((a, b) => b - a),
      })),
    ),
  async measure({ contender, width, kernelRepeats }, { unit, cores, profile }) {
    const isQuick = profile === "quick";
    const pace = { warmupRuns: isQuick ? 1 : 2, lengthMs: isQuick ? 1 : 30 };
    const parameters = { measure: "metg", threads: cores, width, kernelRepeats, ...pace } as const;
    const [sample] = (await unit({ contender, workloads: [`stencil-1d-${width}`], parameters })) as [MetgSample]; // as: what this prints
    // Beside it, at the same moment of this noisy machine: what plain threads do.
    const passes = { passMs: isQuick ? 20 : 100, passes: 2 };
    const ofReference = { measure: "metg-reference", threads: cores, kernelRepeats: REFERENCE_REPEATS, ...passes } as const;
    const reference = (await unit({ contender: "plain-threads", workloads: ["kernel"], parameters: ofReference })) as [MetgReferenceSample]; // as: likewise
    const points = curvePointsOf(sample, { cores, bestRate: reference[0].repeatsPerSecond });
    return {
      metrics: Object.fromEntries(
        points.flatMap(({ granularityUs, efficiency }, at) => [
          [`granularityUs at ${kernelRepeats[at]}`, granularityUs],
          [`efficiency at ${kernelRepeats[at]}`, efficiency],
        ]),
      ),
      details: { lengths: sample.lengths, reference: reference[0] },
    };
  },
  derive: (samples, variants, seed) =>
    Object.fromEntries(
      variants.flatMap(({ key, kernelRepeats }) => {
        const curves = samples.filter(({ variant }) => variant === key).map((sample) => curveOf(sample, kernelRepeats));
        if (curves.length === 0) return [];
        return LEVELS.map((level) => {
          const estimate = bootstrap(curves, (drawn) => metgUs(medianCurve(drawn), level), seed);
          return [`METG(${level * 100} %) of ${key}, µs`, estimate] as const;
        }).filter(([, { median, low, high }]) => [median, low, high].every(Number.isFinite)); // infinite where a round does not reach the level
      }),
    ),
  headline({ derived }) {
    const [half, most] = LEVELS.map(
      (level) => derived[`METG(${level * 100} %) of dataflower W=8, µs`] ?? derived[`METG(${level * 100} %) of dataflower W=2, µs`],
    );
    if (half === undefined) return "half of the cores' time is not reached in every round";
    return `tasks of ${microseconds(half.median)} use half of all cores${most === undefined ? "" : `, of ${microseconds(most.median)} four fifths`}`;
  },
  figure: (summary) => [
    {
      kind: "lines",
      name: "task-granularity",
      title: "How small may tasks be before the cores do something else?",
      subtitle: subtitleOf(summary, `stencil_1d of Task Bench, ${STEPS} steps, one run at a time on all cores; 1 is what plain threads do`),
      x: { name: "size of a task, overhead included, in µs", scale: "log" },
      y: { name: "efficiency (useful work ÷ what plain threads do)" },
      lines: summary.variants.map(({ labels, metrics }) => ({
        name: `${labels.contender}, W = ${labels.width}`,
        points: Object.entries(metrics)
          .filter(([name]) => name.startsWith("granularityUs at "))
          .map(([name, { median }]) => ({ x: median, y: metrics[name.replace("granularityUs", "efficiency")] }))
          .sort((a, b) => a.x - b.x),
      })),
    },
  ],
});

function curveOf({ metrics = {} }: Sample, kernelRepeats: readonly number[]): CurvePoint[] {
  return kernelRepeats.map((repeats) => ({
    granularityUs: metrics[`granularityUs at ${repeats}`] ?? Number.NaN,
    efficiency: metrics[`efficiency at ${repeats}`] ?? Number.NaN,
  }));
}
