import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteRing } from "../memory/byte-ring.js";
import { decodeReport, encodeReport, RETURNED, type Report, RUN_ENDED, reportFailureBytesMax, TASK_FAILED } from "./report-frame.js";

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const reports: fc.Arbitrary<Report> = fc.record({
  kind: fc.constantFrom(RUN_ENDED, TASK_FAILED, RETURNED),
  slot: int32,
  epoch: int32,
  scope: int32,
  instance: int32,
  attempt: int32,
  failure: fc.option(fc.uint8Array({ minLength: 1, maxLength: 300 }), { nil: undefined }),
  isByPort: fc.constant(false),
});

describe("a report", () => {
  test("says after its way through a ring what was written, and keeps it when the next one comes", () => {
    const ring = new ByteRing(new SharedArrayBuffer(ByteRing.bytes(16_384)), 0, 16_384);
    const [producer, consumer] = [ring.claimProducer(), ring.claimConsumer()];
    fc.assert(
      fc.property(fc.array(reports, { maxLength: 20 }), (written) => {
        for (const report of written) expect(producer.offer(encodeReport(report))).toBe(true);
        const read = written.map(() => decodeReport(consumer.take() as Uint8Array));
        expect(read).toEqual(written);
      }),
    );
  });

  test("of the largest failure that goes through a ring, and of one that goes by port", () => {
    const report = { kind: TASK_FAILED, slot: 1, epoch: 2, scope: 3, instance: 4, attempt: 5 };
    const large = { ...report, failure: new Uint8Array(reportFailureBytesMax).fill(9), isByPort: false };
    expect(decodeReport(encodeReport(large))).toEqual(large);
    const byPort = { ...report, failure: undefined, isByPort: true };
    expect(decodeReport(encodeReport(byPort))).toEqual(byPort);
  });
});
