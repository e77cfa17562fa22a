import fc from "fast-check";
import { expect, test } from "vitest";
import { pathOfWfId, wfIdOf } from "./wf-id.js";

test.each([
  ["resize", "resize"],
  ["individuals_ID0000001", "individuals_ID0000001"],
  ["resize[3]", "resize_.3."],
  ["resize[3][0]", "resize_.3._.0."],
  ["resize_.3.", "resize_.-.3."],
  ["resize_[3]", "resize__.3."],
])("%s has the id %s", (path, id) => {
  expect(wfIdOf(path)).toBe(id);
  expect(pathOfWfId(id)).toBe(path);
});

const name = fc.string({ unit: fc.constantFrom("a", "3", "-", "_", ".", "_.", "_.3.", "_.-."), minLength: 1, maxLength: 8 });
const paths = fc
  .tuple(name, fc.array(fc.nat(12), { maxLength: 3 }))
  .map(([text, positions]) => text + positions.map((at) => `[${at}]`).join(""));

test("an id is legal, and stands for one path alone", () => {
  fc.assert(
    fc.property(paths, (path) => {
      const id = wfIdOf(path);
      expect(id).toMatch(/^[0-9a-zA-Z-_.]+$/);
      expect(pathOfWfId(id)).toBe(path);
    }),
    { numRuns: 2000 },
  );
});
