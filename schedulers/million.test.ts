import { describe, test } from "vitest";
import { Fifo } from "./fifo.js";
import { createPolicy } from "./index.js";
import { policyAtScale } from "./policy.conformance.js";
import { sjf } from "./sjf.js";

const million = 1_000_000;

/** One of each structure: what policies do with fewer tasks is the affair of their conformance suite. */
describe("a million ready tasks go in and out of", () => {
  test("a queue", () => {
    policyAtScale(new Fifo(), million);
  });

  test("a heap", () => {
    policyAtScale(createPolicy(sjf, { random: () => 0.5 }), million);
  });
});
