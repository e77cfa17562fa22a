import { DataFlowerError } from "dataflower";
import { expect, test } from "vitest";
import { asFailure } from "./as-failure.js";

test("a failure of a run is a value, anything else is thrown on", () => {
  const failure = new DataFlowerError("DF_TASK_FAILED", "failed");
  expect(asFailure(failure)).toBe(failure);
  expect(() => asFailure(new RangeError("a mistake of ours"))).toThrow("a mistake of ours");
});
