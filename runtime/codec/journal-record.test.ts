import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRecord, encodeRecord, recordVersion } from "./journal-record.js";

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const parts = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 });

const codeOf = (bytes: Uint8Array): unknown => {
  try {
    decodeRecord(bytes, 7);
    return "read";
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

/** Gives it the sum that is right for what it says. */
function seal(record: Buffer): void {
  record.writeUInt32LE(crc32(record.subarray(16), crc32(record.subarray(4, 12))), 12);
}

describe("a record", () => {
  test("holds what was put into it, in its order", () => {
    fc.assert(
      fc.property(uint32, parts, fc.nat(3), (nextRun, all, offset) => {
        const record = encodeRecord(7, nextRun, all);
        const larger = new Uint8Array(record.length + 8).fill(0xee);
        larger.set(record, offset);
        for (const bytes of [record, larger.subarray(offset, offset + record.length)]) {
          const found = decodeRecord(bytes, 7);
          expect(found.nextRun).toBe(nextRun);
          expect(Buffer.from(found.events)).toEqual(Buffer.concat(all));
        }
      }),
    );
  });

  test("is refused wherever it ends too early, and when something follows", () => {
    fc.assert(
      fc.property(uint32, parts, (nextRun, all) => {
        const record = encodeRecord(7, nextRun, all);
        for (let length = 0; length < record.length; length++) {
          expect(codeOf(record.subarray(0, length))).toBe("DF_CHECKPOINT_CORRUPT");
        }
        expect(codeOf(Buffer.concat([record, Buffer.alloc(1)]))).toBe("DF_CHECKPOINT_CORRUPT");
      }),
      { numRuns: 30 },
    );
  });

  test("is refused with every bit that has flipped", () => {
    fc.assert(
      fc.property(uint32, parts, (nextRun, all) => {
        const record = encodeRecord(7, nextRun, all);
        for (let bit = 0; bit < record.length * 8; bit++) {
          record[bit >> 3] = (record[bit >> 3] as number) ^ (1 << (bit & 7));
          expect([bit, codeOf(record)]).toEqual([bit, "DF_CHECKPOINT_CORRUPT"]);
          record[bit >> 3] = (record[bit >> 3] as number) ^ (1 << (bit & 7));
        }
        expect(codeOf(record)).toBe("read");
      }),
      { numRuns: 20 },
    );
  });

  test("of a later version is told from a damaged one", () => {
    const later = Buffer.from(encodeRecord(7, 1, [Uint8Array.of(1, 2, 3)]));
    later.writeUInt16LE(recordVersion + 1, 4);
    expect(codeOf(later)).toBe("DF_CHECKPOINT_CORRUPT");
    seal(later);
    expect(codeOf(later)).toBe("DF_CHECKPOINT_VERSION");
    later[later.length - 1] = 0;
    expect(codeOf(later)).toBe("DF_CHECKPOINT_CORRUPT");
    const none = Buffer.from(encodeRecord(7, 1, []));
    none.writeUInt16LE(0, 4);
    seal(none);
    expect(codeOf(none)).toBe("DF_CHECKPOINT_CORRUPT");
  });

  test("has the form that its description gives", () => {
    const record = Buffer.from(encodeRecord(2 ** 32 + 259, 258, [Uint8Array.of(1, 2), Uint8Array.of(3)]));
    expect(record.subarray(0, 4).toString()).toBe("DFJR");
    expect([record.readUInt16LE(4), record.readUInt16LE(6), record.readUInt32LE(8)]).toEqual([1, 0, 27]);
    expect(record.readUInt32LE(12)).toBe(crc32(Buffer.concat([record.subarray(4, 12), record.subarray(16)])));
    expect([...record.subarray(16)]).toEqual([2, 1, 0, 0, 3, 1, 0, 0, 1, 2, 3]);
  });

  test("is refused in the place of another one", () => {
    const record = encodeRecord(8, 1, []);
    expect(codeOf(record)).toBe("DF_CHECKPOINT_CORRUPT");
    expect(() => decodeRecord(record, 7)).toThrow("found record 8");
    expect(decodeRecord(record, 8).nextRun).toBe(1);
    expect(decodeRecord(encodeRecord(2 ** 32 + 5, 2, []), 2 ** 32 + 5).nextRun).toBe(2);
  });

  test("says which it is when it is refused", () => {
    expect(() => decodeRecord(new Uint8Array(3), 7)).toThrow(
      "Cannot read record 7 of the journal as it must be what was written: found something else",
    );
  });
});
