import { expect, test } from "vitest";
import { graphOf } from "../../workloads/graphs.js";
import { Answers } from "../../workloads/inputs.js";
import { Bursts } from "./burst.js";

const graph = graphOf("chain-3");

test("a burst with one wrong answer does not count", async () => {
  let runs = 0;
  const session = {
    run: (input: { v: number; name: string }) => graph.expected(++runs === 5 ? { ...input, v: -1 } : input),
    close: async () => {},
  };
  const bursts = new Bursts(session, new Answers(graph), 4);
  expect(await bursts.once()).toBeGreaterThanOrEqual(0);
  await expect(bursts.once()).rejects.toThrow("Cannot count run 0 of chain-3");
});
