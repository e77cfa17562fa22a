import fc from "fast-check";
import { expect, test } from "vitest";
import { graphOf } from "../workflow/graph.fixture.js";
import type { Run } from "../workflow/run.js";
import { liveRun } from "../workflow/scope.fixture.js";
import { RunList } from "./run-list.js";

test("RunList: the first is the run submitted first, whatever is added and removed", () => {
  const graph = graphOf([{ nodes: [] }]);
  const steps = fc.array(fc.record({ isAdded: fc.boolean(), which: fc.nat(9) }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const runs = Array.from({ length: 10 }, (_, order) => liveRun(graph, { order: (order * 7) % 10 }));
      const list = new RunList();
      const listed = new Set<Run>();
      for (const { isAdded, which } of all) {
        const run = runs[which] as Run;
        if (isAdded) {
          list.add(run);
          listed.add(run);
        } else {
          list.remove(run);
          listed.delete(run);
        }
        expect(run.isListed).toBe(isAdded);
        expect(list.first).toBe([...listed].sort((a, b) => a.order - b.order)[0]);
      }
    }),
  );
});
