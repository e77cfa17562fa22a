import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { PlannedExperiment } from "./plan.js";
import { RunProgress } from "./run-progress.js";

const planned = { experiment: { category: "performance", name: "some" } } as PlannedExperiment; // as: only these two are read

function output(isTTY: boolean) {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream; // as: only write, isTTY and columns are used
  return { stream: Object.assign(stream, { isTTY, columns: 40 }), read: () => String((stream as unknown as PassThrough).read() ?? "") };
}

test("on a terminal a line is written over, no longer than the terminal is wide, and says when all is over", () => {
  const { stream, read } = output(true);
  const progress = new RunProgress(new Map([[planned, 4]]), stream);
  progress.measuring(planned, "a variant with a very long name indeed");
  expect(read()).toBe("\r\x1b[2K[1/4] performance/some: a variant with ");
  progress.measured(planned, 2_000);
  progress.measuring(planned, "b");
  expect(read()).toBe("\r\x1b[2K[2/4] performance/some: b, 6 s left");
  progress.say("done");
  progress.end();
  expect(read()).toBe("\r\x1b[2Kdone\n\r\x1b[2K");
});

test("elsewhere there are only lines that stay", () => {
  const { stream, read } = output(false);
  const progress = new RunProgress(new Map([[planned, 4]]), stream);
  progress.measuring(planned, "a");
  progress.measured(planned, 200_000);
  progress.say("performance/some: found");
  progress.end();
  expect(read()).toBe("[1/4] performance/some: found, 10 min left\n");
});
