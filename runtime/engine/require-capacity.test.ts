import { describe, expect, test } from "vitest";
import { compile } from "../authoring/compile.js";
import type { TaskDefaults } from "../authoring/task-options.js";
import { openGraph } from "../authoring/topology.js";
import { workflow } from "../authoring/workflow.js";
import { requireCapacity } from "./require-capacity.js";

const limits = { cpusMax: 2, memoryBytesMax: 4096 };
const sum = ([one = 0, other = 0]: readonly number[]) => one + other;

/** A workflow whose task, or whose reduce, has such options. */
const graphs = (options: TaskDefaults, defaults: TaskDefaults = {}) =>
  [
    workflow({ name: "w", module: import.meta.url, defaults }, (flow) => flow.task(sum, [1], options)),
    workflow({ name: "w", module: import.meta.url, defaults }, (flow) => flow.reduce([1, 2, 3], sum, options)),
  ].map((one) => openGraph(compile(one).topology));

describe("requireCapacity()", () => {
  test.each([
    ["cpus", { cpus: 2.001 }, "limits.cpusMax is 2: found 2.001"],
    ["memory", { memory: "5KiB" }, "limits.memoryMax is 4096 bytes: found 5120 bytes"],
  ] as const)("refuses a task that asks for more %s than there are, and names it", (option, options, rest) => {
    for (const graph of [...graphs(options), ...graphs({}, options)]) {
      const message = `Cannot use option ${option} of task sum of workflow w as ${rest}`;
      expect(() => requireCapacity("w", graph, limits)).toThrow(expect.objectContaining({ code: "DF_OPTION_INVALID", message }));
    }
  });

  test.each([{}, { cpus: 2, memory: 4096 }, { cpus: 0 }])("takes a task that could start: %o", (options) => {
    for (const graph of graphs(options)) expect(() => requireCapacity("w", graph, limits)).not.toThrow();
  });
});
