import fc from "fast-check";
import { expect, test } from "vitest";
import { exportedBytes } from "./exported-size.js";

const id = fc.stringMatching(/^[a-z][a-z0-9._-]{0,20}$/);
const specified = fc.record({ name: id, id, parents: fc.array(id), children: fc.array(id) });
const executed = fc.record({
  id,
  runtimeInSeconds: fc.double({ noNaN: true }),
  command: fc.record({ program: fc.string({ unit: "grapheme" }) }),
});

test("exportedBytes() is what the lists take as JSON, give or take a comma for each list", () => {
  fc.assert(
    fc.property(fc.array(specified), fc.array(executed), (tasks, executions) => {
      const bytes = Buffer.byteLength(JSON.stringify(tasks)) + Buffer.byteLength(JSON.stringify(executions)) - "[][]".length;
      const lists = 2 + 2 * tasks.length;
      expect(exportedBytes(tasks, executions)).toBeGreaterThanOrEqual(bytes);
      expect(exportedBytes(tasks, executions)).toBeLessThanOrEqual(bytes + lists);
    }),
  );
});
