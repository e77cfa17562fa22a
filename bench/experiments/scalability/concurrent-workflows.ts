import type { Throughput } from "../../harness/closed-loop.js";
import { fitScalabilityLaw, peakOf, type RatePoint, rateBy, type ScalabilityLaw } from "../../harness/scalability-law.js";
import { bootstrap, type Estimate, median, slope } from "../../harness/statistics.js";
import type { SteadyRate } from "../../harness/steady-loop.js";
import { TITLES } from "../../peers/titles.js";
import type { Line, Picture } from "../../report/plots/picture.js";
import { rate, ratioWithInterval } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { count, listOf } from "../config-values.js";
import { linesOf, subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { type WaitingRuns, waitingContenders } from "../measured/waiting-runs.js";
import { paceOf } from "../pace-of.js";
import type { Sample } from "../sample.js";
import type { Summary } from "../summary.js";

const kinds = ["waiting", "computing"] as const;
type Kind = (typeof kinds)[number];
type Contender = "dataflower" | "promises" | "piscina-run";

/** What runs in flight are held against: one thread that waits for many timers, and a whole run a message where runs compute. */
const contendersOf = { waiting: waitingContenders, computing: ["dataflower", "piscina-run"] } as const satisfies Record<
  Kind,
  readonly Contender[]
>;

interface ConcurrencyVariant extends Variant {
  readonly kind: Kind;
  readonly contender: Contender;
  readonly inFlight: number;
  readonly tasks: number;
  /** Of a task that waits. */
  readonly waitMs: number;
  /** For each run in flight, before what counts. */
  readonly rampMs: number;
}

const curveOf = (kind: Kind, contender: Contender) => `${kind} ${contender}`;

/** A run that waits is long: what is measured is as long as so many of them. */
const WAITING_RUNS_MIN = 10;
const module = new URL("../measured/waiting-runs.js", import.meta.url);

export default experiment({
  name: "concurrent_workflows",
  category: "scalability",
  question: "How far do more runs in flight make more runs a second?",
  config: {
    concurrency: listOf(count.max(10_000)),
    workflow_size: count.max(1_000),
    waiting_tasks: count.max(100),
    wait_ms: count.max(1_000),
    ramp_ms_per_run: count.max(100),
  },
  variants: ({ concurrency, workflow_size, waiting_tasks, wait_ms, ramp_ms_per_run }): ConcurrencyVariant[] =>
    kinds.flatMap((kind) =>
      contendersOf[kind].flatMap((contender) =>
        concurrency.map((inFlight) => {
          const tasks = kind === "waiting" ? waiting_tasks : workflow_size;
          const labels = { kind, contender: TITLES[contender], inFlight, tasks, waitMs: kind === "waiting" ? wait_ms : 0 };
          return {
            key: `${curveOf(kind, contender)} ${inFlight}`,
            labels,
            kind,
            contender,
            inFlight,
            tasks,
            waitMs: wait_ms,
            rampMs: ramp_ms_per_run,
          };
        }),
      ),
    ),
  async measure({ kind, contender, inFlight, tasks, waitMs, rampMs }, { unit, call, pace, cores }) {
    if (kind === "waiting") {
      const measureMs = Math.max(pace.measureMs, WAITING_RUNS_MIN * tasks * waitMs);
      const warmupMs = Math.max(pace.warmupMs, rampMs * inFlight);
      const who = contender as WaitingRuns["contender"]; // as: contendersOf
      const wanted: WaitingRuns = { contender: who, tasks, waitMs, threads: cores, inFlight, warmupMs, measureMs };
      const sample = (await call(module, "measureWaitingRuns", wanted)) as SteadyRate; // as: what it returns
      return { metrics: { runsPerSecond: sample.runsPerSecond }, facts: { answers: answersDigest(`chain-${tasks}`) }, details: sample };
    }
    const workload = `fan-${tasks}`;
    const parameters = { measure: "throughput", handlers: "sync", threads: cores, inFlight, ...paceOf(contender, pace) } as const;
    const [sample] = (await unit({ contender, workloads: [workload], parameters })) as [Throughput]; // as: what this measurement prints
    return { metrics: { runsPerSecond: sample.runsPerSecond }, facts: { answers: answersDigest(workload) }, details: sample };
  },
  comparisons: (variants) =>
    kinds.flatMap((kind) => {
      const [ours, theirs] = contendersOf[kind];
      const own = variants.filter((one) => one.kind === kind && one.contender === ours);
      return own.map(({ key, inFlight }) => ({
        name: `DataFlower ÷ ${TITLES[theirs]}, ${kind}, ${inFlight} in flight`,
        metric: "runsPerSecond",
        of: key,
        to: `${curveOf(kind, theirs)} ${inFlight}`,
      }));
    }),
  derive: (samples, variants, seed) =>
    Object.assign({}, ...curvesOf(variants).map((curve) => figuresOf(curve, variants, samples, seed))) as Record<string, Estimate>, // as: of parts that are such
  headline: ({ derived, variants }) => {
    const largest = Math.max(0, ...variants.map(({ labels }) => Number(labels.inFlight)));
    const [waiting, computing] = kinds.map((kind) => derived[`${curveOf(kind, "dataflower")} efficiencyAt${largest}`]);
    if (waiting === undefined) return "not measured";
    const both = computing === undefined ? "" : `; of computing runs ${ratioWithInterval(computing)}`;
    return `rate ÷ (${largest} × rate of one in flight): of waiting runs ${ratioWithInterval(waiting)}${both}`;
  },
  figure: (summary) => kinds.map((kind) => pictureOf(summary, kind)),
});

const curvesOf = (variants: readonly ConcurrencyVariant[]) => [...new Set(variants.map(({ kind, contender }) => curveOf(kind, contender)))];

type Rates = readonly RatePoint[];

/** Of one curve: the fit, how steep it is, and what is left of linear growth at its end. */
function figuresOf(curve: string, variants: readonly ConcurrencyVariant[], samples: readonly Sample[], seed: number) {
  const own = new Map(
    variants.filter(({ kind, contender }) => curveOf(kind, contender) === curve).map(({ key, inFlight }) => [key, inFlight]),
  );
  const byRound = new Map<number, RatePoint[]>();
  for (const { variant, round, metrics } of samples) {
    const n = own.get(variant);
    if (n === undefined || metrics?.runsPerSecond === undefined) continue;
    byRound.set(round, [...(byRound.get(round) ?? []), { n, rate: metrics.runsPerSecond }]);
  }
  const rounds = [...byRound.values()];
  const estimate = (figure: (points: Rates) => number) => bootstrap(rounds, (drawn) => figure(drawn.flat()), seed);
  const largest = Math.max(...own.values());
  const all = {
    ...(fitScalabilityLaw(rounds.flat()) !== undefined && lawFigures(estimate)),
    logSlope: estimate((points) => slope(points.map(({ n, rate: x }) => ({ x: Math.log(n), y: Math.log(x) })))),
    [`efficiencyAt${largest}`]: estimate((points) => medianAt(points, largest) / (largest * medianAt(points, 1))),
  };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, { median: middle, low, high }]) => [middle, low, high].every(Number.isFinite))
      .map(([name, value]) => [`${curve} ${name}`, value]),
  );
}

/** One fit a draw tells all parameters. */
function lawFigures(estimate: (figure: (points: Rates) => number) => Estimate): Record<string, Estimate> {
  const fits = new Map<string, ScalabilityLaw | undefined>();
  const lawOf = (points: Rates): ScalabilityLaw | undefined => {
    const known = points.map(({ n, rate: x }) => `${n} ${x}`).join();
    if (!fits.has(known)) fits.set(known, fitScalabilityLaw(points));
    return fits.get(known);
  };
  const of = (figure: (law: ScalabilityLaw) => number) =>
    estimate((points) => {
      const law = lawOf(points);
      return law === undefined ? Number.NaN : figure(law);
    });
  return {
    lambdaPerSecond: of(({ lambda }) => lambda),
    sigma: of(({ sigma }) => sigma),
    kappa: of(({ kappa }) => kappa),
    peakInFlight: of(peakOf),
  };
}

const medianAt = (points: Rates, n: number): number => median(points.flatMap((point) => (point.n === n ? point.rate : [])));

const titles = {
  waiting: "Do a thousand runs in flight that wait get through a thousand times as fast?",
  computing: "What do more runs in flight bring where tasks compute?",
} as const satisfies Record<Kind, string>;

function pictureOf(summary: Summary, kind: Kind): Picture {
  const own = summary.variants.filter(({ labels }) => labels.kind === kind);
  const { tasks, waitMs } = own[0]?.labels ?? {};
  const load = kind === "waiting" ? `chain of ${tasks} tasks that wait ${waitMs} ms each` : `fan of ${tasks} tasks`;
  return {
    kind: "lines",
    name: `concurrent-workflows-${kind}`,
    title: titles[kind],
    subtitle: subtitleOf(summary, `${load}, closed loop, all cores; dashed: computed`),
    x: { name: "runs in flight", scale: "log" },
    y: { name: "runs/s", scale: "log" },
    lines: [...linesOf(own, { line: "contender", x: "inFlight", y: "runsPerSecond" }), ...computedLines(summary, kind, own)],
  };
}

/** What runs in flight would bring if none were in another's way, and the law that fits ours. */
function computedLines({ derived }: Summary, kind: Kind, own: Summary["variants"]): Line[] {
  const ours = own.filter(({ labels }) => labels.contender === TITLES.dataflower);
  const one = ours.find(({ labels }) => labels.inFlight === 1)?.metrics.runsPerSecond?.median;
  const [lambda, sigma, kappa] = ["lambdaPerSecond", "sigma", "kappa"].map(
    (name) => derived[`${curveOf(kind, "dataflower")} ${name}`]?.median,
  );
  const line = (name: string, y: (n: number) => number): Line => ({
    name,
    points: ours.map(({ labels }) => ({ x: Number(labels.inFlight), y: y(Number(labels.inFlight)) })),
    stroke: "dashed",
  });
  return [
    ...(one === undefined ? [] : [line("linear", (n) => n * one)]),
    ...(lambda === undefined || sigma === undefined || kappa === undefined
      ? []
      : [line(`fit: λ ${rate(lambda)}, σ ${sigma.toPrecision(2)}, κ ${kappa.toPrecision(2)}`, (n) => rateBy({ lambda, sigma, kappa }, n))]),
  ];
}
