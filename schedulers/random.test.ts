import { describe, expect, test } from "vitest";
import { createPolicy } from "./index.js";
import { policyConformance, type TestTask, testTask } from "./policy.conformance.js";
import { random } from "./random.js";

/** Numbers that repeat after a while, from the start each time. */
function numbers(): () => number {
  let count = 0;
  return () => (count++ * 0.37) % 1;
}

const make = () => createPolicy<TestTask>(random, { random: numbers() });

policyConformance(
  "random",
  () => createPolicy<TestTask>(random, { random: () => 0.5 }),
  () => [],
);

describe("random", () => {
  test("goes by the numbers that it is handed, one for each insertion", () => {
    const inserted = Array.from({ length: 20 }, (_, number) => testTask(number));
    const policy = make();
    for (const task of inserted) policy.insert(task, 0);
    const draw = numbers();
    const ranked = inserted.map(({ number }) => ({ number, rank: draw() })).sort((a, b) => a.rank - b.rank);
    expect(inserted.map(() => policy.take(0)?.number)).toEqual(ranked.map(({ number }) => number));
  });
});
