import { performance } from "node:perf_hooks";
import type { Session } from "../peers/graph/contender.js";
import { inputOf } from "../workloads/inputs.js";
import type { Output, TaskGraph } from "../workloads/task-graph.js";
import { Load } from "./load.js";

export interface ClosedLoop {
  readonly graph: TaskGraph;
  /** Runs in flight at any moment. */
  readonly inFlight: number;
  readonly durationMs: number;
}

export interface Throughput {
  /** Runs whose answer was checked and right. */
  readonly runs: number;
  readonly elapsedMs: number;
  readonly runsPerSecond: number;
  readonly tasksPerSecond: number;
}

/**
 * Keeps `inFlight` runs going for a while. The clock runs from the first start to the last answer, and all runs count, those that end late too:
 * a contender that answers in bursts is measured like any other.
 */
export async function measureClosedLoop(session: Session, { graph, inFlight, durationMs }: ClosedLoop): Promise<Throughput> {
  const load = new Load({ graph, inFlight: Math.min(inFlight, session.inFlightMax ?? inFlight), durationMs });
  const startMs = performance.now();
  await drive(session, load);
  const elapsedMs = performance.now() - startMs;
  const runsPerSecond = (load.accepted / elapsedMs) * 1000;
  return { runs: load.accepted, elapsedMs, runsPerSecond, tasksPerSecond: runsPerSecond * graph.size };
}

/** Gives a load to a contender, in the way that it is fastest. */
export function drive(session: Session, load: Load): Promise<void> {
  return session.drive ? session.drive(load) : driveWindow(session, load);
}

type Run = Session["run"];

/** As many lanes as runs may be in flight; each starts its next run when its last one has ended. */
async function driveWindow(session: Session, load: Load): Promise<void> {
  const run: Run = (input) => session.run(input);
  await Promise.all(Array.from({ length: load.inFlight }, () => driveOneByOne(run, load)));
}

/** Answers that are not promised are not awaited. */
export async function driveOneByOne(run: Run, load: Load): Promise<void> {
  for (let index = load.next(); index !== undefined; index = load.next()) {
    const answer = run(inputOf(index));
    load.accept(index, isPromise(answer) ? await answer : answer);
  }
}

function isPromise(answer: readonly Output[] | Promise<readonly Output[]>): answer is Promise<readonly Output[]> {
  return answer instanceof Promise;
}
