import { describe, expect, test } from "vitest";
import { byteRingConformance, frameOf } from "./byte-ring.conformance.js";
import { ByteRing } from "./byte-ring.js";

for (const framesThatFit of [2, 4]) {
  byteRingConformance(`ByteRing of ${framesThatFit} frames`, framesThatFit, 0);
  byteRingConformance(`ByteRing of ${framesThatFit} frames from 128 below 2^31`, framesThatFit, 2 ** 31 - 128);
  byteRingConformance(`ByteRing of ${framesThatFit} frames from 128 below 2^32`, framesThatFit, 2 ** 32 - 128);
  const lapsBytes = 2 * framesThatFit * 32; // a mark counts frames above these
  byteRingConformance(`ByteRing of ${framesThatFit} frames from 100 below the last number`, framesThatFit, 2 ** 32 - 100 * lapsBytes);
}

describe("ByteRing", () => {
  const open = (capacity: number) => new ByteRing(new SharedArrayBuffer(ByteRing.bytes(capacity)), 0, capacity);

  test("each end is claimed once, until its repair", () => {
    const ring = open(64);
    ring.claimProducer();
    ring.claimConsumer();
    expect(() => ring.claimProducer()).toThrow("producer end of a ring is claimed once");
    expect(() => ring.claimConsumer()).toThrow("consumer end of a ring is claimed once");
    ring.repair("producer");
    ring.claimProducer();
    expect(() => ring.claimConsumer()).toThrow("claimed once");
    ring.repair("consumer");
    ring.claimConsumer();
  });

  test("a frame handed out is private memory of exactly its length, with an 8-byte aligned start", () => {
    const ring = open(8192);
    const [producer, consumer] = [ring.claimProducer(), ring.claimConsumer()];
    for (const byteLength of [0, 1, 7, 96, 97, 1024, 1025, 4000, 5, 97]) {
      producer.offer(frameOf(1, byteLength));
      const frame = consumer.take()!;
      expect(frame.buffer).toBeInstanceOf(ArrayBuffer);
      expect(frame.byteOffset % 8).toBe(0);
      producer.offer(new Uint8Array(3000).fill(0xee)); // whatever the producer does now, the frame stays as it was taken
      expect(frame).toEqual(frameOf(1, byteLength));
      consumer.take();
    }
  });

  const scribbles: [string, number, number][] = [
    ["a negative length", 0, -2],
    ["a length beyond what was published", 0, 9],
    ["a length beyond half of the ring", 0, 1 << 20],
    ["a skip that leads past what was published", 0, -1],
    ["another position", 1, 64],
    ["another number", 1, 128],
  ];
  test.each(scribbles)("a header with %s is reported as DF_RING_CORRUPT", (_, word, value) => {
    const ring = open(64);
    ring.claimProducer().offer(frameOf(1, 8));
    ring.ints[word] = value;
    expect(() => ring.claimConsumer().take()).toThrow(expect.objectContaining({ code: "DF_RING_CORRUPT" }));
  });

  test.each([32, 96, 2 ** 25, 64.5])("a capacity of %d bytes is refused", (capacity) => {
    expect(() => ByteRing.bytes(capacity)).toThrow("must hold");
  });
});
