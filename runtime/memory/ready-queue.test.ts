import { describe, expect, test } from "vitest";
import { readyQueueConformance } from "./ready-queue.conformance.js";
import { ReadyQueue } from "./ready-queue.js";
import { planReadyQueue } from "./ready-queue-layout.js";

for (const capacity of [2, 4]) {
  readyQueueConformance(`ReadyQueue(${capacity})`, capacity, 0);
  readyQueueConformance(`ReadyQueue(${capacity}) from 100 below 2^31`, capacity, 2 ** 31 - 100);
  readyQueueConformance(`ReadyQueue(${capacity}) from 100 below 2^32`, capacity, 2 ** 32 - 100);
  readyQueueConformance(`ReadyQueue(${capacity}) from 100 below half of all turns`, capacity, capacity * 2 ** 19 - 100);
}

describe("ReadyQueue", () => {
  const layout = { capacity: 2, threads: 2, cellsPerProducer: 2, cellWords: 3 };
  const open = (overrides: Partial<typeof layout> = {}) => {
    const given = { ...layout, ...overrides };
    return new ReadyQueue(new SharedArrayBuffer(ReadyQueue.bytes(given)), 0, given);
  };

  test("each end is claimed once by a thread, until its repair", () => {
    const queue = open();
    queue.claimProducer(1);
    queue.claimConsumer(1);
    expect(() => queue.claimProducer(1)).toThrow("claimed once by thread 1");
    expect(() => queue.claimConsumer(1)).toThrow("claimed once by thread 1");
    expect(() => queue.claimProducer(2)).toThrow("knows thread 2");
    queue.repair(1);
    queue.claimProducer(1);
    queue.claimConsumer(1);
  });

  test("only the owner's reserved cells can be published, only one's own taken cells be done", () => {
    const queue = open();
    const producers = [queue.claimProducer(0), queue.claimProducer(1)] as const;
    const consumers = [queue.claimConsumer(0), queue.claimConsumer(1)] as const;
    const cell = producers[0].reserve();
    expect(() => producers[1].publish(cell)).toThrow("reserved by this producer");
    producers[0].publish(cell);
    expect(() => producers[0].publish(cell)).toThrow("reserved by this producer");
    expect(() => producers[0].cancel(cell)).toThrow("reserved by this producer");
    expect(consumers[0].take()).toBe(cell);
    expect(() => consumers[1].done(cell)).toThrow("taken by this consumer");
    consumers[0].done(cell);
    expect(() => consumers[0].done(cell)).toThrow("taken by this consumer");
  });

  test("payloads of different cells do not overlap each other or the queue's own words", () => {
    const queue = open({ capacity: 4, cellsPerProducer: 5, cellWords: 17 });
    const producer = queue.claimProducer(1);
    const cells = Array.from({ length: 4 }, () => producer.reserve());
    for (const cell of cells) queue.ints.fill(-1 - cell, queue.wordOf(cell), queue.wordOf(cell) + 17);
    for (const cell of cells) expect(producer.publish(cell)).toBe(true);
    const consumer = queue.claimConsumer(0);
    for (const cell of cells) {
      expect(consumer.take()).toBe(cell);
      expect(queue.ints.slice(queue.wordOf(cell), queue.wordOf(cell) + 17)).toEqual(new Int32Array(17).fill(-1 - cell));
      expect((queue.wordOf(cell) * 4) % 8).toBe(0);
    }
  });

  test.each([
    { capacity: 3 },
    { capacity: 1 },
    { capacity: 8192 },
    { threads: 0 },
    { threads: 256 },
    { cellsPerProducer: 2048 },
    { cellWords: 0 },
  ])("a layout outside the limits is refused: %o", (overrides) => expect(() => open(overrides)).toThrow("must hold"));

  test("a slot that names no cell is reported, not followed", () => {
    const queue = open();
    const consumer = queue.claimConsumer(0);
    queue.ints[planReadyQueue(layout).slotsAt] = layout.threads * layout.cellsPerProducer + 1;
    expect(() => consumer.take()).toThrow(expect.objectContaining({ code: "DF_RING_CORRUPT" }));
  });
});
