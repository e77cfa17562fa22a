import { DataFlower, type Engine } from "dataflower";
import { expect, test, vi } from "vitest";
import { graphOf } from "../../workloads/graphs.js";
import type { Output } from "../../workloads/task-graph.js";
import { monotonicMs } from "../clock.js";
import type { Arrivals } from "../open-loop/arrivals.js";
import { measureCorrelatedFailures, untilAllEnded } from "./correlated-failures.js";

const LATE_MS = 5_000;
/** One run, which begins long after it was to. */
vi.mock("../open-loop/arrivals.js", () => ({
  async measureArrivals({ run }: Arrivals) {
    await run(0, monotonicMs() - LATE_MS);
    return { runs: 1, lateness: "" };
  },
}));
/** The engine is made by hand, and takes any workflow. */
vi.mock("../../peers/graph/dataflower.js", () => ({ loadTaskGraph: async () => ({ taskGraph: {} }) }));

/** A run that ends when it is told to. */
function runUnderWay() {
  let end!: (failure?: Error) => void;
  const ended = new Promise<void>((resolve, reject) => {
    end = (failure) => (failure === undefined ? resolve() : reject(failure));
  });
  return { ended, end };
}

test("an outage is over when the last run that was under way has ended, whatever else ends or begins meanwhile", async () => {
  const [first, failing, last] = [runUnderWay(), runUnderWay(), runUnderWay()];
  const underWay = new Set([first.ended, failing.ended, last.ended]);
  let isOver = false;
  const over = untilAllEnded(underWay).then(() => {
    isOver = true;
  });
  underWay.add(runUnderWay().ended);
  first.end();
  failing.end(new Error("ended, too"));
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  last.end();
  await over;
  expect(isOver).toBe(true);
});

test("what kept a run from beginning is part of its latency", async () => {
  const runs = new Map<string, { result(): Promise<readonly Output[]> }>();
  const engine = {
    run: async () => [],
    async submit(_: unknown, input: Output, { runId }: { readonly runId: string }) {
      const run = { result: async () => graphOf("fan-10").expected(input) };
      runs.set(runId, run);
      return run;
    },
    get: async (_: unknown, runId: string) => runs.get(runId),
    async close() {},
  };
  vi.spyOn(DataFlower, "start").mockResolvedValue(engine as unknown as Engine); // as: nothing else of it is used
  const load = { threads: 1, ratePerSecond: 1, durationMs: 1, outageMs: 1, seed: 1 };
  const { accepted, completed, found, worstMs } = await measureCorrelatedFailures({ fault: "none", ...load });
  expect({ accepted, completed, found, isFromIntended: worstMs >= LATE_MS }).toEqual({
    ...{ accepted: 1, completed: 1, found: 1 },
    isFromIntended: true,
  });
});
