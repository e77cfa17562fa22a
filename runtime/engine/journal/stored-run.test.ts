import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Acceptance,
  decodeAcceptance,
  decodeEnd,
  decodeEntry,
  encodeAcceptance,
  encodeEnd,
  encodeEntry,
  inputHashOf,
  type RunEnd,
  type RunEntry,
} from "./stored-run.js";

const text = fc.string({ unit: "grapheme" });
const time = fc.oneof(fc.double({ noNaN: true, min: 0, max: 1e13 }), fc.constant(Number.NaN));
const bytes = fc.uint8Array({ maxLength: 300 });
const acceptances: fc.Arbitrary<Acceptance> = fc.record({
  ...{ id: text, workflow: text, definition: text, priority: fc.integer(), input: bytes },
  ...{ submittedAt: time, deadline: time, timeoutAt: time },
});
const entries: fc.Arbitrary<RunEntry> = fc.record({
  ...{ workflow: text, submittedAt: time, endedAt: time, inputHash: text, bytes: fc.nat() },
  status: fc.constantFrom("accepted", "completed", "failed", "cancelled"),
});
const ends: fc.Arbitrary<RunEnd> = fc.record(
  {
    status: fc.constantFrom("completed", "failed", "cancelled"),
    ...{ body: bytes, tasks: fc.array(fc.nat()), workUs: fc.array(fc.nat()), makespanMs: time, waitMs: time },
    acceptance: bytes,
  },
  { requiredKeys: ["status", "body", "tasks", "workUs", "makespanMs", "waitMs"] },
);

/** 0 and -0 are one value of the domain. */
const plain = (value: object): unknown => structuredClone(value);

test("what is stored of a run is read as it was", () => {
  fc.assert(
    fc.property(acceptances, entries, ends, (acceptance, entry, end) => {
      expect(plain(decodeAcceptance(encodeAcceptance(acceptance)))).toEqual(plain(acceptance));
      expect(plain(decodeEntry("r", encodeEntry(entry)))).toEqual(plain(entry));
      expect(plain(decodeEnd("r", encodeEnd(end)))).toEqual(plain(end));
    }),
  );
});

test("what is cut off is damaged, and the error says whose it is", () => {
  const entry = encodeEntry({ workflow: "w", status: "failed", submittedAt: 1, endedAt: 2, inputHash: "h", bytes: 3 });
  const damaged = { code: "DF_CHECKPOINT_CORRUPT", runId: "run-7" };
  for (let length = 0; length < entry.length; length++) {
    for (const decode of [decodeEntry, decodeEnd]) {
      expect(() => decode("run-7", entry.subarray(0, length))).toThrow(expect.objectContaining(damaged));
    }
  }
});

test("inputs are told apart by their hash", () => {
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      expect(inputHashOf(left) === inputHashOf(right)).toBe(Buffer.compare(left, right) === 0);
      expect(inputHashOf(Uint8Array.from(left))).toBe(inputHashOf(left));
    }),
  );
});
