import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodePipeFrame, PipeFrameReader, pipeHeaderBytes } from "./pipe-frame.js";
import { encodeValue } from "./value-codec.js";

const bytesMax = 1 << 20;
const whole = (head: unknown, payload?: Uint8Array): Buffer => Buffer.concat(encodePipeFrame(head, payload));
const corrupt = expect.objectContaining({ code: "DF_FRAME_CORRUPT" });

/** Cuts bytes into pieces of the given sizes, again and again. */
function* piecesOf(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] as number;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe("PipeFrameReader", () => {
  test("gives frames as they were sent, however they are cut into pieces", () => {
    const frames = fc.array(fc.record({ head: fc.jsonValue(), payload: fc.uint8Array({ maxLength: 300 }) }), { maxLength: 8 });
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 5 }), (sent, sizes) => {
        const reader = new PipeFrameReader(bytesMax);
        const bytes = Buffer.concat(sent.map(({ head, payload }) => whole(head, payload)));
        const got = [...piecesOf(bytes, sizes)].flatMap((piece) => reader.push(piece));
        expect(got.map(({ payload }) => [...payload])).toEqual(sent.map(({ payload }) => [...payload]));
        expect(got.map(({ head }) => Buffer.from(encodeValue(head)))).toEqual(sent.map(({ head }) => Buffer.from(encodeValue(head))));
        expect(reader.isWithin).toBe(false);
      }),
    );
  });

  test("knows that a frame has begun", () => {
    const reader = new PipeFrameReader(bytesMax);
    const bytes = whole({ a: 1 });
    expect(reader.push(bytes.subarray(0, 3))).toEqual([]);
    expect(reader.isWithin).toBe(true);
    expect(reader.push(bytes.subarray(3))).toHaveLength(1);
    expect(reader.isWithin).toBe(false);
  });

  test("refuses a frame with any byte damaged", () => {
    const bytes = whole({ kind: "returned" }, Buffer.from("payload"));
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 0x40;
      const reader = new PipeFrameReader(bytesMax);
      const isLonger = at >= 8 && at < 16; // a longer one may be waited for; the bytes behind it show that it is none
      expect(() => reader.push(isLonger ? Buffer.concat([damaged, Buffer.alloc(bytesMax)]) : damaged)).toThrow(corrupt);
    }
  });

  test("refuses a frame that is too long before it has come", () => {
    const bytes = whole(1, Buffer.alloc(100));
    expect(new PipeFrameReader(bytes.length).push(bytes)).toHaveLength(1);
    expect(() => new PipeFrameReader(bytes.length - 1).push(bytes.subarray(0, pipeHeaderBytes))).toThrow(corrupt);
  });

  test("refuses what is no frame", () => {
    for (const text of ["x".repeat(pipeHeaderBytes), `${" ".repeat(200)}`, "\0".repeat(40)])
      expect(() => new PipeFrameReader(bytesMax).push(Buffer.from(text))).toThrow(corrupt);
  });
});
