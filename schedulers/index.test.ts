import { describe, expect, test } from "vitest";
import type { PolicyDefinition, PolicyOrder } from "./definition.js";
import { builtInPolicy, createPolicy, policy, policyDefinitionOf, policyNames, Ranked } from "./index.js";
import { type TestTask, testTask } from "./policy.conformance.js";

describe("createPolicy", () => {
  test("makes each policy by its name, empty, a new one every time", () => {
    expect(policyNames).toEqual([
      "fifo",
      "priority",
      "sjf",
      "cost",
      "critical-path",
      "deadline",
      "deadline-shed",
      "learned",
      "adaptive",
      "random",
    ]);
    for (const name of policyNames) {
      const make = () => createPolicy(builtInPolicy(name) as PolicyDefinition, { random: () => 0.5 });
      const policy = make();
      expect(policy.name).toBe(name);
      policy.insert(testTask(1), 0);
      expect(make().size).toBe(0);
    }
  });

  test("knows some by other names", () => {
    expect(builtInPolicy("deadline-aware")).toBe(builtInPolicy("deadline"));
    expect(builtInPolicy("ml-based")).toBe(builtInPolicy("learned"));
    expect(builtInPolicy("cost-optimized")).toBe(builtInPolicy("cost"));
  });

  test.each(["", "FIFO", "lifo", "constructor", "__proto__", "toString", "hasOwnProperty"])("knows no policy named %j", (name) => {
    expect(builtInPolicy(name)).toBe(undefined);
  });

  test.each<[string, PolicyOrder]>([
    ["rank", { rank: ({ priority }) => -priority }],
    ["before", { before: (a, b) => a.priority > b.priority }],
    ["create", { create: () => new Ranked("mine", { rank: ({ priority }) => -priority }) }],
  ])("makes what policy() was given: %s", (_, order) => {
    const definition = policyDefinitionOf(policy({ name: "mine", module: "file:///mine.js" }, order)) as PolicyDefinition;
    const made = createPolicy<TestTask>(definition, { random: () => 0.5 });
    expect(made.name).toBe("mine");
    for (const priority of [1, 3, 2]) made.insert(testTask(priority, { priority }), 0);
    expect([1, 2, 3].map(() => made.take(0)?.number)).toEqual([3, 2, 1]);
  });
});

test.each([undefined, null, "fifo", {}, Object.create(null), () => 1])("policyDefinitionOf finds nothing in %o", (value) => {
  expect(policyDefinitionOf(value)).toBe(undefined);
});
