import { performance } from "node:perf_hooks";
import { DataFlower, type Engine, type Workflow } from "dataflower";
import { loadTaskGraph } from "../../peers/graph/dataflower.js";
import { graphOf } from "../../workloads/graphs.js";
import { Answers, inputOf } from "../../workloads/inputs.js";
import { checkLadder } from "../../workloads/spin-ladder.js";
import { ladderWorkflow } from "../../workloads/spin-ladder-workflow.js";
import type { Output } from "../../workloads/task-graph.js";
import { LatencyHistogram } from "../latency-histogram.js";

/** What the engine adds to tasks, in the form that the simulator reads. */
export interface DispatchCostsParameters {
  readonly measure: "dispatch-costs";
  readonly warmupMs: number;
  readonly measureMs: number;
  /** Runs of 320 tasks of 1 ms, at most; they end when there are hops enough. */
  readonly hopRunsMax: number;
  /** Runs of one task. */
  readonly commits: number;
}

/** In µs. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** A file of costs; see `dataflower simulate --help`. */
export interface MeasuredCosts {
  /** Of a task without work on one warm worker, all included. */
  readonly dispatchUs: number;
  /** From the offer of a task by one worker until another takes it; absent where there were too few. */
  readonly hopUs?: Percentiles;
  /** From the submission of a run of one task to its result, less what its worker knew of it; absent where there were too few. */
  readonly commitUs?: Percentiles;
}

export interface DispatchCostsSample {
  readonly costs: MeasuredCosts;
  readonly hops: number;
  readonly commits: number;
}

export const fullDispatchCosts: DispatchCostsParameters = {
  measure: "dispatch-costs",
  warmupMs: 2000,
  measureMs: 2000,
  hopRunsMax: 200,
  commits: 10_000,
};

/** What P99 needs. */
const VALUES_NEEDED = 10_000;
const MANY_TASKS = "stencil-1000";
const ONE_TASK = "chain-1";

/** Each on an engine of its own, with the options that `dataflower run` has. Rejects when an answer is wrong. */
export async function measureDispatchCosts(parameters: DispatchCostsParameters): Promise<DispatchCostsSample> {
  const dispatchUs = await measureDispatch(parameters);
  const hop = await measureHops(parameters.hopRunsMax);
  const commit = await measureCommits(parameters);
  const costs = {
    dispatchUs,
    ...(hop.percentiles && { hopUs: hop.percentiles }),
    ...(commit.percentiles && { commitUs: commit.percentiles }),
  };
  return { costs, hops: hop.count, commits: commit.count };
}

/** Time from taking a run to its end, shared among its tasks. */
async function measureDispatch({ warmupMs, measureMs }: DispatchCostsParameters): Promise<number> {
  await using runs = await CheckedRuns.start(MANY_TASKS);
  await runs.repeatFor(warmupMs);
  const makespansMs = await runs.repeatFor(measureMs);
  return (makespansMs.reduce((sum, ms) => sum + ms, 0) / (makespansMs.length * runs.tasks)) * 1e3;
}

interface Measured {
  readonly count: number;
  readonly percentiles?: Percentiles;
}

/** Two workers, as a hop goes from one to another. What the first run costs is in it: the engine keeps one histogram. */
async function measureHops(runsMax: number): Promise<Measured> {
  await using engine = await DataFlower.start({ workflows: [ladderWorkflow], workers: 2, store: "memory:" });
  let hops = await engine.latency("hop");
  for (let runs = 0; runs < runsMax && hops.count < VALUES_NEEDED; runs++) {
    checkLadder(await engine.run(ladderWorkflow, {}));
    hops = await engine.latency("hop");
  }
  const { count, p50, p90, p99, max } = hops;
  return count < VALUES_NEEDED ? { count } : { count, percentiles: { p50, p90, p99, max } };
}

async function measureCommits({ warmupMs, commits }: DispatchCostsParameters): Promise<Measured> {
  await using runs = await CheckedRuns.start(ONE_TASK);
  await runs.repeatFor(warmupMs);
  const latency = LatencyHistogram.empty();
  while (latency.count < commits) {
    const { settledMs, waitMs, makespanMs } = await runs.next();
    latency.recordMs(settledMs - waitMs - makespanMs);
  }
  const { count, maxUs: max } = latency;
  // A percentile is the upper end of a bucket, which may lie beyond the largest value.
  const [p50, p90, p99] = ([0.5, 0.9, 0.99] as const).map((quantile) => Math.min(max, latency.quantileUs(quantile) ?? Number.NaN));
  return count < VALUES_NEEDED ? { count } : { count, percentiles: { p50: p50!, p90: p90!, p99: p99!, max } };
}

/** Runs of one graph on one worker, one after the other, whose answers are checked. */
class CheckedRuns {
  readonly #engine: Engine;
  readonly #workflow: Workflow<Output, readonly Output[]>;
  readonly #answers: Answers;
  readonly tasks: number;
  #runs = 0;

  private constructor(engine: Engine, workflow: Workflow<Output, readonly Output[]>, graph: ReturnType<typeof graphOf>) {
    this.#engine = engine;
    this.#workflow = workflow;
    this.#answers = new Answers(graph);
    this.tasks = graph.size;
  }

  static async start(name: string): Promise<CheckedRuns> {
    const graph = graphOf(name);
    const { taskGraph } = await loadTaskGraph({ graph, handlers: "sync" });
    return new CheckedRuns(await DataFlower.start({ workflows: [taskGraph], workers: 1, store: "memory:" }), taskGraph, graph);
  }

  /** @returns what the run took, from its submission to its settled result and by its own summary */
  async next(): Promise<{ readonly settledMs: number; readonly waitMs: number; readonly makespanMs: number }> {
    const number = this.#runs++;
    const startMs = performance.now();
    const run = await this.#engine.submit(this.#workflow, inputOf(number));
    const answer = await run.result();
    const settledMs = performance.now() - startMs;
    this.#answers.check(number, answer);
    const { waitMs, makespanMs } = await run.summary();
    return { settledMs, waitMs, makespanMs };
  }

  /** At least one run. @returns the makespan of each */
  async repeatFor(durationMs: number): Promise<number[]> {
    const deadlineMs = performance.now() + durationMs;
    const makespansMs: number[] = [];
    do makespansMs.push((await this.next()).makespanMs);
    while (performance.now() < deadlineMs);
    return makespansMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.close();
  }
}
