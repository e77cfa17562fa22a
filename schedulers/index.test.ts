import { describe, expect, test } from "vitest";
import type { PolicyDefinition } from "./definition.js";
import { builtInPolicy, createPolicy, policyNames } from "./index.js";
import { testTask } from "./policy.conformance.js";

describe("createPolicy", () => {
  test("makes each policy by its name, empty, a new one every time", () => {
    expect(policyNames).toEqual(["fifo"]);
    for (const name of policyNames) {
      const make = () => createPolicy(builtInPolicy(name) as PolicyDefinition, { random: () => 0.5 });
      const policy = make();
      expect(policy.name).toBe(name);
      policy.insert(testTask(1), 0);
      expect(make().size).toBe(0);
    }
  });

  test.each(["", "FIFO", "lifo", "constructor", "__proto__", "toString", "hasOwnProperty"])("knows no policy named %j", (name) => {
    expect(builtInPolicy(name)).toBe(undefined);
  });
});
