import { performance } from "node:perf_hooks";
import type { Session, Setting } from "../../peers/graph/contender.js";
import { graphOf } from "../../workloads/graphs.js";
import { Answers, inputOf } from "../../workloads/inputs.js";
import { LatencyHistogram } from "../latency-histogram.js";
import { median } from "../statistics.js";
import { withSession } from "./throughput.js";

/** So many runs submitted at once, again and again. Durations in ms. */
export interface BurstParameters extends Pick<Setting, "threads"> {
  readonly contender: string;
  readonly workload: string;
  readonly runs: number;
  /** Bursts that do not count go on for so long, one at least. */
  readonly warmupMs: number;
  /** Bursts that count, likewise. */
  readonly measureMs: number;
}

export interface BurstSample {
  /** That count. */
  readonly bursts: number;
  /** From the first submission to the last answer, median of the bursts. */
  readonly makespanMs: number;
  /** From the first submission of its burst to the answer of each run; encoded, see LatencyHistogram. */
  readonly latencies: string;
  /** Memory of the whole process: before anything was opened, the most up to the end of the first burst, and the most at all. */
  readonly residentBytes: { readonly before: number; readonly first: number; readonly max: number };
}

/** Every contender is handed each run by itself, and gives an answer for each. Rejects when one is wrong. */
export async function measureBursts({ contender, workload, runs, threads, warmupMs, measureMs }: BurstParameters): Promise<BurstSample> {
  const before = residentBytesMax();
  const graph = graphOf(workload);
  const setting = { threads, handlers: "sync", inFlight: runs, warmupMs, measureMs } as const;
  return withSession(contender, graph, setting, async (session) => {
    const bursts = new Bursts(session, new Answers(graph), runs);
    await bursts.once();
    const first = residentBytesMax();
    await bursts.repeatFor(warmupMs);
    const latency = LatencyHistogram.empty();
    const makespansMs = await bursts.repeatFor(measureMs, latency);
    const residentBytes = { before, first, max: residentBytesMax() };
    return { bursts: makespansMs.length, makespanMs: median(makespansMs), latencies: latency.encoded(), residentBytes };
  });
}

const residentBytesMax = (): number => process.resourceUsage().maxRSS * 1024;

/** Runs that are submitted at once to one session. */
export class Bursts {
  readonly #session: Session;
  readonly #answers: Answers;
  readonly #runs: number;

  constructor(session: Session, answers: Answers, runs: number) {
    this.#session = session;
    this.#answers = answers;
    this.#runs = runs;
  }

  /** @returns what it took */
  async once(latency?: LatencyHistogram): Promise<number> {
    const startMs = performance.now();
    let endMs = startMs;
    const one = async (run: number): Promise<void> => {
      const answer = await this.#session.run(inputOf(run));
      endMs = performance.now();
      latency?.recordMs(endMs - startMs);
      this.#answers.check(run, answer);
    };
    await Promise.all(Array.from({ length: this.#runs }, (_, run) => one(run)));
    return endMs - startMs;
  }

  async repeatFor(durationMs: number, latency?: LatencyHistogram): Promise<number[]> {
    const makespansMs: number[] = [];
    const untilMs = performance.now() + durationMs;
    do makespansMs.push(await this.once(latency));
    while (performance.now() < untilMs);
    return makespansMs;
  }
}
