import fc from "fast-check";
import { expect, test } from "vitest";
import { equalValues } from "../../actors/kernel/value-equal.js";
import { encodeValue } from "../codec/value-codec.js";
import { values } from "../codec/values.arbitrary.js";
import { ByteRing } from "../memory/byte-ring.js";
import { ResultReader, resultFrameBytes, writeResult } from "./result-frame.js";

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const time = fc.double({ min: 0, max: 1e12, noNaN: true });
const results = fc.record({
  slot: int32,
  epoch: int32,
  isOk: fc.boolean(),
  startedAt: time,
  endedAt: time,
  work: fc.array(fc.record({ tasks: fc.nat(), us: fc.nat() }), { minLength: 1, maxLength: 5 }),
  value: values,
  isByPort: fc.boolean(),
});

test("a result says after its way through a ring what was written", () => {
  const capacity = 256 * 1024;
  const ring = new ByteRing(new SharedArrayBuffer(ByteRing.bytes(capacity)), 0, capacity);
  const producer = ring.claimProducer();
  const reader = new ResultReader(ring.claimConsumer());
  fc.assert(
    fc.property(fc.array(results, { maxLength: 3 }), (written) => {
      for (const { work, value, ...rest } of written) {
        const body = encodeValue(value);
        const offset = producer.reserve(resultFrameBytes(work.length, rest.isByPort ? 0 : body.length));
        expect(offset).toBeGreaterThanOrEqual(0);
        const spent = { tasks: work.map(({ tasks }) => tasks), workMs: work.map(({ us }) => us / 1000) };
        writeResult(ring.ints, ring.bytes, offset, { ...rest, ...spent, body });
        producer.publish();
      }
      for (const { work, value, ...rest } of written) {
        expect(reader.next()).toBe(true);
        const { slot, epoch, isOk, startedAt, endedAt, isByPort } = reader;
        expect({ slot, epoch, isOk, startedAt, endedAt, isByPort }).toEqual(rest);
        expect(reader.bodyBytes).toBe(encodeValue(value).length);
        expect(reader.tasks).toEqual(work.map(({ tasks }) => tasks));
        expect(reader.workUs).toEqual(work.map(({ us }) => us));
        if (!isByPort) expect(equalValues(reader.body(), value) || equalValues(encodeValue(reader.body()), encodeValue(value))).toBe(true);
      }
      expect(reader.next()).toBe(false);
    }),
  );
});
