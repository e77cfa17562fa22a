import { expect, test } from "vitest";
import { runInOrder } from "../peers/graph/sequential.js";
import { graphOf } from "../workloads/graphs.js";
import type { Output } from "../workloads/task-graph.js";
import { measureClosedLoop } from "./closed-loop.js";

const graph = graphOf("fan-4");
const close = async () => {};

function slowSession(inFlightMax?: number) {
  const seen = { inFlight: 0, most: 0 };
  const run = async (input: Output) => {
    seen.most = Math.max(seen.most, ++seen.inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    seen.inFlight--;
    return runInOrder(graph, input);
  };
  return { seen, session: { run, close, ...(inFlightMax === undefined ? {} : { inFlightMax }) } };
}

test("as many runs are in flight as asked for, and every one of them counts", async () => {
  const { seen, session } = slowSession();
  const { runs, elapsedMs, runsPerSecond, tasksPerSecond } = await measureClosedLoop(session, { graph, inFlight: 5, durationMs: 20 });
  expect(seen).toEqual({ inFlight: 0, most: 5 });
  expect(runsPerSecond).toBeCloseTo((runs / elapsedMs) * 1000);
  expect(tasksPerSecond).toBeCloseTo(4 * runsPerSecond);
});

test("a session that wants fewer in flight gets fewer", async () => {
  const { seen, session } = slowSession(2);
  await measureClosedLoop(session, { graph, inFlight: 5, durationMs: 20 });
  expect(seen.most).toBe(2);
});

test("a wrong answer ends the measurement", async () => {
  const run = (input: Output) => runInOrder(graph, { ...input, v: input.v + 1 });
  await expect(measureClosedLoop({ run, close }, { graph, inFlight: 1, durationMs: 20 })).rejects.toThrow("its answer is wrong");
  await expect(measureClosedLoop({ run: async (input) => run(input), close }, { graph, inFlight: 3, durationMs: 20 })).rejects.toThrow(
    "run 0 of fan-4",
  );
});
