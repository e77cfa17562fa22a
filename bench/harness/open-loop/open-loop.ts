import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { Answers, inputOf } from "../../workloads/inputs.js";
import type { Output, TaskGraph } from "../../workloads/task-graph.js";
import { monotonicMs } from "../clock.js";
import { LatencyHistogram } from "../latency-histogram.js";
import { poissonSchedule } from "./schedule.js";
import { type Begin, DUE, type GeneratorData, RUNG, type Signal, WORD_COUNT } from "./words.js";

/** What is under load. */
export interface OpenLoopSession {
  /** Executes the graph once, which was to begin at this moment of the monotonic clock. */
  run(input: Output, intendedMs: number): readonly Output[] | Promise<readonly Output[]>;
}

export interface OpenLoop {
  readonly graph: TaskGraph;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly seed: number;
}

export interface OpenLoopResult {
  /** Runs that ended. */
  readonly runs: number;
  /** False when the measurement was given up because the contender fell ever further behind: its latencies then only say for how long. */
  readonly hasKeptUp: boolean;
  /** From when the first run could be due to the last end. */
  readonly elapsedMs: number;
  /** From the intended start to the answer, encoded; see LatencyHistogram. */
  readonly latency: string;
  /** From the intended start to when the generator said so, encoded. */
  readonly lateness: string;
}

/** With more runs than this in flight the contender is taken not to keep up. Below what an engine takes in by default. */
const IN_FLIGHT_MAX = 9_000;
/** When many are due, the event loop gets a turn after so many: answers that have come meanwhile are not kept waiting behind all of them. */
const STARTS_PER_TURN = 64;
/** Between asking the generator to begin and its first due run. */
const LEAD_MS = 20;

/**
 * Starts runs at moments that do not depend on how the contender is doing, and measures each from the moment it should have started. A slow
 * answer therefore makes no room for itself: the runs behind it wait, and their waiting counts.
 */
export async function measureOpenLoop(session: OpenLoopSession, options: OpenLoop): Promise<OpenLoopResult> {
  const schedule = sharedFloats(poissonSchedule(options));
  const words = new Int32Array(new SharedArrayBuffer(WORD_COUNT * Int32Array.BYTES_PER_ELEMENT));
  const generator = await openGenerator({ words, schedule });
  try {
    return await new Starter({ session, graph: options.graph, schedule, words }).follow(generator);
  } finally {
    await generator.terminate();
  }
}

interface StarterParts {
  readonly session: OpenLoopSession;
  readonly graph: TaskGraph;
  readonly schedule: Float64Array;
  readonly words: Int32Array;
}

/** Starts what is due, on the thread under load. */
class Starter {
  readonly #parts: StarterParts;
  readonly #answers: Answers;
  readonly #latency = LatencyHistogram.empty();
  readonly #startMs = monotonicMs() + LEAD_MS;
  #started = 0;
  #ended = 0;
  #lastEndMs = 0;
  #hasKeptUp = true;
  #lateness: string | undefined;
  #settle: { resolve(result: OpenLoopResult): void; reject(error: unknown): void } = { resolve() {}, reject() {} };

  constructor(parts: StarterParts) {
    this.#parts = parts;
    this.#answers = new Answers(parts.graph);
  }

  follow(generator: Worker): Promise<OpenLoopResult> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      generator.once("error", reject);
      generator.on("message", (signal: Signal) => this.#hear(signal));
      generator.postMessage({ startMs: this.#startMs } satisfies Begin);
    });
  }

  #hear(signal: Signal): void {
    Atomics.store(this.#parts.words, RUNG, 0); // (C) from here on a new message is sent for what is due. Pairs with (B)
    if (signal.kind === "finished") this.#lateness = signal.lateness;
    this.#startDue();
  }

  #startDue(): void {
    for (let batch = 0; batch < STARTS_PER_TURN && this.#mayStart(); batch++) this.#start(this.#started++);
    if (this.#mayStart()) setImmediate(() => this.#startDue());
    else this.#settleWhenOver();
  }

  #mayStart(): boolean {
    if (this.#started - this.#ended >= IN_FLIGHT_MAX) this.#hasKeptUp = false;
    return this.#hasKeptUp && this.#started < Atomics.load(this.#parts.words, DUE); // (D) after (C), so nothing that (A) stores stays unseen
  }

  #start(run: number): void {
    try {
      const answer = this.#parts.session.run(inputOf(run), this.#startMs + this.#parts.schedule[run]!);
      if (answer instanceof Promise) answer.then((value) => this.#end(run, value)).catch((error) => this.#settle.reject(error));
      else this.#end(run, answer);
    } catch (error) {
      this.#settle.reject(error);
    }
  }

  #end(run: number, answer: readonly Output[]): void {
    this.#lastEndMs = monotonicMs() - this.#startMs;
    this.#latency.recordMs(this.#lastEndMs - this.#parts.schedule[run]!);
    this.#answers.check(run, answer);
    this.#ended++;
    this.#settleWhenOver();
  }

  /** Over when the generator is, and every run that was due has been started and has ended. */
  #settleWhenOver(): void {
    if (this.#lateness === undefined || this.#ended < this.#started || this.#mayStart()) return;
    this.#settle.resolve({
      runs: this.#ended,
      hasKeptUp: this.#hasKeptUp,
      elapsedMs: this.#lastEndMs,
      latency: this.#latency.encoded(),
      lateness: this.#lateness,
    });
  }
}

async function openGenerator(data: GeneratorData): Promise<Worker> {
  const worker = new Worker(fileURLToPath(new URL("./generator-thread.js", import.meta.url)), { workerData: data });
  await once(worker, "online");
  return worker;
}

function sharedFloats(values: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
