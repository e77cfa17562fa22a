import { expect, test } from "vitest";
import type { ReadyTask } from "../../actors/workflow/run.js";
import { Fifo } from "../../schedulers/index.js";
import { GlobalReadySet } from "./global-ready-set.js";

test("GlobalReadySet: passes over tasks of runs that are over", () => {
  const taskOf = (isOver: boolean) => ({ run: { isOver } }) as ReadyTask; // all that the set looks at
  const ready = new GlobalReadySet(new Fifo());
  const [dropped, wanted, last] = [taskOf(true), taskOf(false), taskOf(true)];
  for (const task of [dropped, wanted, last]) ready.insert(task, 0);
  expect(ready.take(0)).toBe(wanted);
  expect(ready.take(0)).toBe(undefined);
});
