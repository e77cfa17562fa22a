import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graphOf, plainOptions } from "../../../actors/workflow/graph.fixture.js";
import { NODE_TASK } from "../../../actors/workflow/graph.js";
import { loadWorkflow } from "../../worker/load-workflow.fixture.js";
import { type Definition, definitionOf, describedTasksMax, differences, namedDifferencesMax, type TaskDefinition } from "./definition.js";

function load(value: unknown): unknown {
  return value;
}
function shrink(value: unknown): unknown {
  return value;
}
function sharpen(value: unknown): unknown {
  return value;
}
function total(values: unknown): unknown {
  return values;
}
function publish(values: unknown): unknown {
  return values;
}

const { graph } = loadWorkflow((flow, input) => {
  const loaded = flow.task(load, input);
  const shrunk = flow.map(loaded, (one) => flow.task(sharpen, flow.task(shrink, one)));
  return flow.task(publish, [flow.reduce(shrunk, total), loaded]);
});

describe("the definition of a workflow", () => {
  test("names its tasks with what they wait for, in maps too", () => {
    const { workflow, hash, tasks, taskCount } = definitionOf("photos", "abc", graph);
    expect([workflow, hash, taskCount]).toEqual(["photos", "abc", 5]);
    const named = Object.fromEntries(tasks.map(({ name, after }) => [name, after.map((one) => one.replace(/:.*/, ""))]));
    expect(Object.keys(named).sort()).toEqual(["load", "publish", "sharpen", "shrink", "total"]);
    expect(named.sharpen).toEqual(["shrink"]);
    expect(named.publish).toContain("load");
    expect(named.publish).toHaveLength(2);
  });

  test("is the same for the same workflow, and another one for other options of a task", () => {
    const of = (priority: number): Definition =>
      definitionOf("w", "h", { ...graphOf([{ nodes: [{ kind: NODE_TASK, name: "a" }] }]), options: () => ({ ...plainOptions, priority }) });
    expect(of(1)).toEqual(of(1));
    expect(differences(of(1), of(2))).toEqual(["task a has other options"]);
  });

  test("describes so many tasks and counts the rest", () => {
    const count = describedTasksMax + 5;
    const large = graphOf([{ nodes: Array.from({ length: count }, (_, index) => ({ kind: NODE_TASK, name: `t${index}` })) }]);
    const { tasks, taskCount } = definitionOf("w", "h", large);
    expect([tasks.length, taskCount]).toEqual([describedTasksMax, count]);
  });
});

const names = fc.constantFrom("a", "b", "c", "d", "e", "f");
const tasksOf = fc.uniqueArray(
  fc.record<TaskDefinition>({ name: names, after: fc.uniqueArray(names, { maxLength: 3 }), options: fc.constantFrom("x", "y") }),
  { selector: ({ name }) => name, maxLength: 6 },
);
const definition = (tasks: readonly TaskDefinition[], taskCount = tasks.length): Definition => ({
  workflow: "w",
  hash: "h",
  tasks,
  taskCount,
});
const otherwise = "the code of its module, its result, or how inputs are put together";

describe("what has changed", () => {
  test("names each task that is gone, new, waits for others or has other options, and no other", () => {
    fc.assert(
      fc.property(tasksOf, tasksOf, (before, after) => {
        const expected: string[] = [];
        const listed = (all: readonly string[]): string => all.join(", ") || "nothing";
        for (const { name } of before) if (after.every((task) => task.name !== name)) expected.push(`task ${name} is gone`);
        for (const task of after) {
          const old = before.find(({ name }) => name === task.name);
          if (old === undefined) expected.push(`task ${task.name} is new`);
          else {
            if (old.after.join() !== task.after.join())
              expected.push(`task ${task.name} followed ${listed(old.after)} and follows ${listed(task.after)}`);
            if (old.options !== task.options) expected.push(`task ${task.name} has other options`);
          }
        }
        if (before.length !== after.length) expected.push(`it had ${before.length} tasks and has ${after.length}`);
        const found = differences(definition(before), definition(after));
        expect([...found].sort()).toEqual((expected.length === 0 ? [otherwise] : expected).sort());
      }),
      { numRuns: 500 },
    );
  });

  test("is never nothing, and turns round with who is first", () => {
    const turned = (found: readonly string[]): string[] =>
      found
        .map((one) =>
          one
            .replace(/is gone$/, "is n_w")
            .replace(/is new$/, "is gone")
            .replace("n_w", "new"),
        )
        .filter((one) => /gone|new/.test(one));
    fc.assert(
      fc.property(tasksOf, tasksOf, (before, after) => {
        const there = differences(definition(before), definition(after));
        const back = differences(definition(after), definition(before));
        expect(there.length).toBeGreaterThan(0);
        expect(turned(there).sort()).toEqual(back.filter((one) => /gone|new/.test(one)).sort());
        expect(differences(definition(after), definition(after))).toEqual([otherwise]);
      }),
    );
  });

  test("says of no task that it is gone, or new, where the other definition describes only some of its tasks", () => {
    const task = (name: string): TaskDefinition => ({ name, after: [], options: "x" });
    const [first, last] = [task("first"), task("last")];
    expect(differences(definition([last]), definition([first], 2))).toEqual(["task first is new", "it had 1 tasks and has 2"]);
    expect(differences(definition([first], 2), definition([last]))).toEqual(["task first is gone", "it had 2 tasks and has 1"]);
    expect(differences(definition([first], 2), definition([last], 2))).toEqual([otherwise]);
  });

  test("names so many differences and counts the rest", () => {
    const many = Array.from({ length: namedDifferencesMax + 7 }, (_, index) => ({ name: `t${index}`, after: [], options: "" }));
    const found = differences(definition([]), definition(many));
    expect(found).toHaveLength(namedDifferencesMax + 1);
    expect(found.at(-1)).toBe("8 more"); // with that of the count
  });

  test("is not known where the old definition is not", () => {
    expect(differences(undefined, definition([]))).toEqual(["the definition that it was started with is not known any more"]);
  });
});
