import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeRunFrame, encodeRunFrame, runFrameVersion } from "../../codec/run-frame.js";
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
      expect(plain(decodeEntry("r", encodeEntry("r", entry)))).toEqual(plain(entry));
      expect(plain(decodeEnd("r", encodeEnd("r", end)))).toEqual(plain(end));
    }),
  );
});

test("what is cut off, has a bit that has flipped, or is of another run or kind is damaged, and the error says whose it is", () => {
  const entry = Buffer.from(
    encodeEntry("run-7", { workflow: "w", status: "failed", submittedAt: 1, endedAt: 2, inputHash: "h", bytes: 3 }),
  );
  const damaged = { code: "DF_CHECKPOINT_CORRUPT", runId: "run-7" };
  const isRefused = (bytes: Uint8Array) => expect(() => decodeEntry("run-7", bytes)).toThrow(expect.objectContaining(damaged));
  for (let length = 0; length < entry.length; length++) isRefused(entry.subarray(0, length));
  for (let bit = 0; bit < entry.length * 8; bit++) {
    const flipped = Buffer.from(entry);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    isRefused(flipped);
  }
  expect(() => decodeEnd("run-7", entry)).toThrow(expect.objectContaining(damaged));
  expect(() => decodeEntry("run-8", entry)).toThrow(expect.objectContaining({ ...damaged, runId: "run-8" }));
  expect(decodeEntry("run-7", entry).status).toBe("failed");
});

test("what a later version has written of a run is told from what is damaged", () => {
  const later = Buffer.from(encodeRunFrame("entry", "run-7", Uint8Array.of(1, 2, 3)));
  expect([...decodeRunFrame("entry", "run-7", later)]).toEqual([1, 2, 3]);
  later.writeUInt16LE(runFrameVersion + 1, 4);
  later.writeUInt32LE(crc32(later.subarray(16), crc32(later.subarray(4, 12), crc32("run-7"))), 12);
  expect(() => decodeEntry("run-7", later)).toThrow(expect.objectContaining({ code: "DF_CHECKPOINT_VERSION", runId: "run-7" }));
  later[later.length - 1] = 0;
  expect(() => decodeEntry("run-7", later)).toThrow(expect.objectContaining({ code: "DF_CHECKPOINT_CORRUPT" }));
});

test("inputs are told apart by their hash", () => {
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      expect(inputHashOf(left) === inputHashOf(right)).toBe(Buffer.compare(left, right) === 0);
      expect(inputHashOf(Uint8Array.from(left))).toBe(inputHashOf(left));
    }),
  );
});
