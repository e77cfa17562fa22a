import { valueSizeMax } from "../../actors/kernel/value.js";
import { LocalMemory } from "../../actors/workflow/local-memory.js";
import type { ScopeShape } from "../../actors/workflow/scope.js";
import type { Operation } from "./operation.js";
import { mustBeCopy, values } from "./values.js";

/** The copies that isolate the tasks of a run from each other on one thread, as the memory of a scope makes them. */
export function copyOperations(): Operation[] {
  return values.flatMap(({ name, value, calls }) => [keeping(name, value, calls), reading(name, value, calls)]);
}

/** An output is checked and copied. */
function keeping(name: string, value: object, calls: number): Operation {
  const memory = new LocalMemory(oneOutput);
  return {
    name: `copy: ${name} kept`,
    calls,
    run() {
      for (let count = 0; count < calls; count++) memory.put(0, value, valueSizeMax);
    },
    check: () => mustBeCopy(memory.read(0, []), value),
  };
}

/** A reader that holds on is given a copy of what is kept, which need not be checked again. */
function reading(name: string, value: object, calls: number): Operation {
  const memory = new LocalMemory(oneOutput);
  memory.put(0, value, valueSizeMax);
  let last: unknown;
  return {
    name: `copy: ${name} read`,
    calls,
    run() {
      for (let count = 0; count < calls; count++) last = memory.read(0, []);
    },
    check: () => mustBeCopy(last, value),
  };
}

const oneOutput: ScopeShape = {
  region: 0,
  count: 1,
  instances: 1,
  nodes: 1,
  width: 1,
  nodesPerElement: 1,
  nodeOf: () => 0,
  elementOf: () => 0,
  baseOf: () => 0,
  missingOf: () => 0,
  readersOf: () => 1,
};
