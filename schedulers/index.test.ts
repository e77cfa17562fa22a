import { describe, expect, test } from "vitest";
import { createPolicy, Fifo, policyNames } from "./index.js";
import { testTask } from "./policy.conformance.js";

describe("createPolicy", () => {
  test("makes each policy by its name, empty, a new one every time", () => {
    expect(policyNames).toEqual(["fifo"]);
    expect(createPolicy("fifo")).toBeInstanceOf(Fifo);
    for (const name of policyNames) {
      const policy = createPolicy(name);
      expect(policy?.name).toBe(name);
      policy?.insert(testTask(1), 0);
      expect(createPolicy(name)?.size).toBe(0);
    }
  });

  test.each(["", "FIFO", "lifo", "constructor", "__proto__", "toString", "hasOwnProperty"])("knows no policy named %j", (name) => {
    expect(createPolicy(name)).toBe(undefined);
  });
});
