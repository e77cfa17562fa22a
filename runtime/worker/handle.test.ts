import fc from "fast-check";
import { expect, test } from "vitest";
import { AT_HOME, handleOf, NOTHING, offsetOf, threadOf } from "./handle.js";

const threads = fc.nat(64); // the control thread of 64 workers is the 65th
const offsets = fc.nat(2 ** 24 - 1).map((units) => units * 16);

test("a handle names a thread and an offset", () => {
  fc.assert(
    fc.property(threads, offsets, (thread, offset) => {
      const handle = handleOf(thread, offset);
      expect(handle | 0).toBe(handle); // fits a word of shared memory
      expect([threadOf(handle), offsetOf(handle)]).toEqual([thread, offset]);
    }),
  );
});

test("no block, wherever it lies, has a handle that means something else", () => {
  fc.assert(fc.property(threads, offsets, (thread, offset) => handleOf(thread, offset) !== AT_HOME));
  fc.assert(
    fc.property(
      threads,
      offsets.filter((offset) => offset > 0),
      (thread, offset) => handleOf(thread, offset) !== NOTHING,
    ),
  );
});
