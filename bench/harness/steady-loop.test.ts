import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { waitingChain } from "../workloads/waiting-chain.js";
import { measureSteadyLoop } from "./steady-loop.js";

const TIMER_MS = 20;

test("runs that end in waves are no more than their timers allow, wherever the time that counts begins", async () => {
  const graph = waitingChain({ tasks: 1, waitMs: TIMER_MS });
  const session = {
    async run(input: Parameters<typeof graph.expected>[0]) {
      await sleep(TIMER_MS);
      return graph.expected(input);
    },
    close: async () => {},
  };
  for (const warmupMs of [10, 25, 30]) {
    const { runs, meanMs, runsPerSecond } = await measureSteadyLoop(session, { graph, inFlight: 10, warmupMs, durationMs: 110 });
    expect(runs).toBeGreaterThanOrEqual(20);
    expect(meanMs).toBeGreaterThan(TIMER_MS - 1);
    expect(runsPerSecond).toBeCloseTo(10_000 / meanMs, 9);
  }
});
