import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteRing } from "../memory/byte-ring.js";
import { journalBlob, journalFrameBytes, journalInlineBytesMax, writeJournalFrame } from "./journal-frame.js";
import { encodeLetGo, ResultReader } from "./result-frame.js";

const capacity = 256 * 1024;
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const sizes = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constantFrom(journalInlineBytesMax, journalInlineBytesMax + 4, 100_000));

/** Bytes of which each position tells. */
const pattern = (length: number, seed: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 31 + seed) & 0xff);

test("a batch says after its way through a ring what was written, or that it came by port", () => {
  const ring = new ByteRing(new SharedArrayBuffer(ByteRing.bytes(capacity)), 0, capacity);
  const producer = ring.claimProducer();
  const reader = new ResultReader(ring.claimConsumer());
  fc.assert(
    fc.property(fc.array(fc.record({ batch: int32, size: sizes }), { maxLength: 3 }), (written) => {
      for (const { batch, size } of written) {
        const isByPort = size > journalInlineBytesMax;
        const offset = producer.reserve(journalFrameBytes(isByPort ? 0 : size));
        expect(offset).toBeGreaterThanOrEqual(0);
        writeJournalFrame(ring, offset, batch, pattern(size, batch));
        producer.publish();
      }
      const kept: [found: Uint8Array | undefined, batch: number, size: number][] = [];
      for (const { batch, size } of written) {
        expect([reader.next(), reader.isJournal, reader.isLetGo, reader.isOk, reader.batch]).toEqual([true, true, false, false, batch]);
        kept.push([reader.events(), batch, size]);
      }
      expect(reader.next()).toBe(false);
      // In memory of their own: they are what they were when the next frames have been read.
      for (const [found, batch, size] of kept) {
        if (size > journalInlineBytesMax) expect(found).toBeUndefined();
        else expect(Buffer.compare(found as Uint8Array, pattern(size, batch))).toBe(0);
      }
    }),
  );
});

test("a frame of another kind is no batch", () => {
  const ring = new ByteRing(new SharedArrayBuffer(ByteRing.bytes(1024)), 0, 1024);
  ring.claimProducer().offer(encodeLetGo(3, 4));
  const reader = new ResultReader(ring.claimConsumer());
  expect([reader.next(), reader.isJournal, reader.isLetGo]).toEqual([true, false, true]);
});

test("batches by port are found at slots that no run has, each at its own", () => {
  const keys = [0, 1, 63].flatMap((worker) => [-1, 0, 1, 2 ** 31 - 1].map((batch) => journalBlob(worker, batch)));
  expect(keys.every(({ slot }) => slot < 0)).toBe(true);
  expect(new Set(keys.map(({ slot, epoch }) => `${slot}:${epoch}`)).size).toBe(keys.length);
});
