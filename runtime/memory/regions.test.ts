import { describe, expect, test } from "vitest";
import { LINE_BYTES } from "./alignment.js";
import { createRegions, openRegions, planRegions, type RegionSizes } from "./regions.js";

const sizes: RegionSizes = {
  workers: 2,
  queueCapacity: 8,
  cellsPerProducer: 4,
  cellWords: 6,
  ringBytes: 256,
  arenaBytes: 1008,
  runSlots: 5,
};

describe("regions", () => {
  test("two views of the same buffer find the same structures, and no structure writes into another", () => {
    const plan = structuredClone(planRegions(sizes)); // as it reaches a worker
    const buffer = createRegions(plan);
    const [here, there] = [openRegions(buffer, plan), openRegions(buffer, plan)];
    expect([plan.threads, plan.control]).toEqual([3, 2]);

    const checks: (() => void)[] = [];
    const producers = [0, 1, 2].map((thread) => here.queue.claimProducer(thread));
    for (const [thread, producer] of producers.entries()) {
      const cell = producer.reserve();
      here.queue.ints.fill(thread + 1, here.queue.wordOf(cell), here.queue.wordOf(cell) + sizes.cellWords);
      producer.publish(cell);
      checks.push(() => {
        expect(there.queue.ints[there.queue.wordOf(cell) + sizes.cellWords - 1]).toBe(thread + 1);
      });
    }
    for (const from of [0, 1, 2]) {
      for (const to of [0, 1, 2].filter((other) => other !== from)) {
        const ring = here.ring(from, to);
        const frame = new Uint8Array(ring.frameBytesMax).fill(10 * from + to + 1);
        const producer = ring.claimProducer();
        expect([producer.offer(frame), producer.offer(frame)]).toEqual([true, true]);
        const consumer = there.ring(from, to).claimConsumer();
        checks.push(() => expect([consumer.take(), consumer.take()]).toEqual([frame, frame]));
      }
      const owner = here.arena(from).claimOwner();
      const block = owner.allocate(sizes.arenaBytes - 16);
      here.arena(from).bytes.fill(from + 100, block, block + sizes.arenaBytes - 16);
      checks.push(() => {
        const bytes = there.arena(from).bytes.subarray(block, block + there.arena(from).lengthOf(block));
        expect(bytes).toEqual(new Uint8Array(sizes.arenaBytes - 16).fill(from + 100));
      });
      here.doorbells.setHungry(from, true);
    }
    for (let slot = 0; slot < sizes.runSlots; slot++) {
      const epoch = here.runs.open(slot, slot + 50);
      for (const thread of [0, 1, 2]) here.runs.enter(slot, epoch, thread);
      checks.push(() =>
        expect([there.runs.workflow(slot), there.runs.epoch(slot), there.runs.hasUsers(slot)]).toEqual([slot + 50, 1, true]),
      );
    }
    for (const worker of [0, 1]) {
      here.inHand(worker).begin(worker, worker, worker, [worker], 1);
      checks.push(() => expect(there.inHand(worker).read()).toMatchObject({ slot: worker, epoch: worker, positions: [worker] }));
      const share = here.reservations.claimShare(worker, { cpus: 9, memory: 9 }, () => {});
      share.reserve(worker + 1, worker + 2);
      checks.push(() => expect(there.reservations.reservedBy(worker)).toEqual({ cpus: worker + 1, memory: worker + 2 }));
    }
    checks.push(() => expect([there.queue.length(), there.doorbells.hungryCount(-1), there.doorbells.awakeCount()]).toEqual([3, 3, 3]));
    for (const check of checks) check();
  });

  test("every region starts on a line of its own, also far above 2^31", () => {
    const plan = planRegions({ ...sizes, workers: 15, arenaBytes: 2 ** 28 });
    const { doorbellsAt, inHandAt, reservationsAt, runsAt } = plan;
    const offsets = [doorbellsAt, inHandAt, reservationsAt, runsAt, plan.queueAt, plan.ringsAt, plan.arenasAt, plan.byteLength];
    for (const offset of [...offsets, plan.ringStride, plan.arenaStride]) expect(offset % LINE_BYTES).toBe(0);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    expect(plan.byteLength).toBe(plan.arenasAt + 16 * plan.arenaStride);
    expect(plan.byteLength).toBeGreaterThan(2 ** 32);
  });

  test("an arena beyond 2^31 works", () => {
    const plan = planRegions({ ...sizes, workers: 9, arenaBytes: 2 ** 28 });
    const regions = openRegions(createRegions(plan), plan);
    const owner = regions.arena(9).claimOwner();
    const block = owner.allocate(64);
    regions.arena(9).bytes.fill(9, block, block + 64);
    expect(plan.arenasAt + 9 * plan.arenaStride).toBeGreaterThan(2 ** 31);
    expect(regions.arena(9).lengthOf(block)).toBe(64);
    regions.arena(9).free(block);
  });

  test("no workers: the control thread alone has a queue, an arena and a doorbell", () => {
    const plan = planRegions({ ...sizes, workers: 0 });
    const regions = openRegions(createRegions(plan), plan);
    const producer = regions.queue.claimProducer(plan.control);
    expect(producer.publish(producer.reserve())).toBe(true);
    expect(() => regions.inHand(0)).toThrow("belongs to a worker");
  });

  test("what lies outside the plan is refused", () => {
    const plan = planRegions(sizes);
    const regions = openRegions(createRegions(plan), plan);
    expect(() => regions.ring(1, 1)).toThrow("joins two threads");
    expect(() => regions.ring(0, 3)).toThrow("thread of the plan");
    expect(() => regions.arena(-1)).toThrow("thread of the plan");
    expect(() => openRegions(new SharedArrayBuffer(128), plan)).toThrow("plan of this buffer");
    expect(() => planRegions({ ...sizes, workers: 100, arenaBytes: 2 ** 28 })).toThrow("fit one SharedArrayBuffer");
    expect(() => planRegions({ ...sizes, queueCapacity: 7 })).toThrow("power of two");
  });
});
