import { MessageChannel, type TransferListItem, Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { ByteRing } from "./byte-ring.js";
import { Doorbells } from "./doorbell.js";
import { PayloadArena } from "./payload-arena.js";
import { ReadyQueue, type ReadyQueueLayout } from "./ready-queue.js";
import { Reservations } from "./reservations.js";
import { type StressPart, type StressResult, scramble } from "./stress-worker.fixture.js";

const entry = new URL("../../dist/runtime/memory/stress-worker.fixture.js", import.meta.url);

function start(part: StressPart, transferList: TransferListItem[] = []): Worker {
  return new Worker(entry, { workerData: part, transferList });
}

/** Starts the parts, and waits for what each of them posts. */
async function play(parts: StressPart[]): Promise<StressResult[]> {
  const workers = parts.map((part) => start(part, part.part === "ping-pong" ? [part.port] : []));
  try {
    return await Promise.all(
      workers.map(
        (worker) =>
          new Promise<StressResult>((resolve, reject) => {
            worker.once("message", resolve);
            worker.once("error", reject);
          }),
      ),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const checkedIn = (results: StressResult[]): number => results.reduce((sum, result) => sum + result.checked, 0);
const faultsIn = (results: StressResult[]): string[] => results.flatMap((result) => result.faults);

describe("threads", () => {
  test.each([2, 64])("two offer and two take %d tickets deep: each ticket once, whole, in its producer's order", async (capacity) => {
    const tickets = 20_000;
    const layout: ReadyQueueLayout = { capacity, threads: 4, cellsPerProducer: 16, cellWords: 3 };
    const queue = new SharedArrayBuffer(ReadyQueue.bytes(layout));
    new ReadyQueue(queue, 0, layout).reset(-5_000); // so that the counters wrap on the way
    const taken = new SharedArrayBuffer(4 + 2 * 2 * tickets * 4);
    const offer = (thread: number): StressPart => ({ part: "offer", queue, layout, thread, tickets });
    const take = (thread: number): StressPart => ({ part: "take", queue, layout, thread, tickets: 2 * tickets, taken });
    const results = await play([offer(0), offer(1), take(2), take(3)]);
    expect(faultsIn(results)).toEqual([]);
    expect(checkedIn(results)).toBe(2 * 2 * tickets);
    const counts = new Int32Array(taken, 4);
    for (const thread of [0, 1]) {
      expect(counts.subarray(thread * 2 * tickets, thread * 2 * tickets + tickets).every((count) => count === 1)).toBe(true);
    }
  });

  test.each([
    [256, 20_000],
    [65_536, 2_000],
  ])("one writes and one reads a ring of %d bytes: each of %d frames whole and in order", async (ringBytes, frames) => {
    const ring = new SharedArrayBuffer(ByteRing.bytes(ringBytes));
    new ByteRing(ring, 0, ringBytes).reset(-8_000);
    const shared = { ring, ringBytes, frames };
    const results = await play([
      { part: "write frames", ...shared },
      { part: "read frames", ...shared },
    ]);
    expect(faultsIn(results)).toEqual([]);
    expect(checkedIn(results)).toBe(2 * frames);
  });

  test("one allocates and another frees in a small arena: no payload is overwritten, none is lost", async () => {
    const [ringBytes, arenaBytes, payloads] = [1024, 32_768, 20_000];
    const shared = {
      ring: new SharedArrayBuffer(ByteRing.bytes(ringBytes)),
      arena: new SharedArrayBuffer(PayloadArena.bytes(arenaBytes)),
      ringBytes,
      arenaBytes,
      payloads,
    };
    const results = await play([
      { part: "allocate", ...shared },
      { part: "free", ...shared },
    ]);
    expect(faultsIn(results)).toEqual([]);
    expect(checkedIn(results)).toBe(2 * payloads + 1);
  });

  test.each([2, 3])("%d reserve and wait: never more than there is, and each is woken by whoever makes room", async (workers) => {
    const shared = {
      reservations: new SharedArrayBuffer(Reservations.bytes(workers)),
      inUse: new SharedArrayBuffer(64),
      capacity: { cpus: 4, memory: 100 },
      others: workers - 1,
      rounds: 20_000,
    };
    new Int32Array(shared.reservations)[0] = -500; // so that the turns wrap on the way
    const results = await play(Array.from({ length: workers }, (_, me) => ({ part: "reserve", me, ...shared })));
    expect(faultsIn(results)).toEqual([]);
    expect(checkedIn(results)).toBeGreaterThan(shared.rounds);
    const table = new Reservations(shared.reservations, 0, workers);
    for (let worker = 0; worker < workers; worker++) {
      expect([table.reservedBy(worker), table.turnOf(worker)]).toEqual([{ cpus: 0, memory: 0 }, 0]);
    }
  });

  test("two that sleep in their event loops between turns wake each other every time", async () => {
    const rounds = 3_000;
    const { port1, port2 } = new MessageChannel();
    const shared = { bells: new SharedArrayBuffer(Doorbells.bytes(2)), counters: new SharedArrayBuffer(8), rounds };
    const results = await play([
      { part: "ping-pong", me: 0, port: port1, ...shared },
      { part: "ping-pong", me: 1, port: port2, ...shared },
    ]);
    expect(faultsIn(results)).toEqual([]);
    expect(results.map((result) => result.checked)).toEqual([rounds, rounds]);
  });

  test("one terminated anywhere leaves a queue from which repair() loses no ticket", async () => {
    const layout: ReadyQueueLayout = { capacity: 8, threads: 3, cellsPerProducer: 8, cellWords: 3 };
    const queue = new SharedArrayBuffer(ReadyQueue.bytes(layout));
    const view = new ReadyQueue(queue, 0, layout);
    const tickets = [0, 1, 2, 3, 4];
    const producer = view.claimProducer(2);
    for (const ticket of tickets) {
      const cell = producer.reserve();
      view.ints.set([2, ticket, scramble(ticket)], view.wordOf(cell));
      expect(producer.publish(cell)).toBe(true);
    }
    const consumer = view.claimConsumer(2);
    for (let kill = 0; kill < 12; kill++) {
      const started = new SharedArrayBuffer(4);
      const workers = [0, 1].map((thread) => start({ part: "circulate", queue, layout, thread, started }));
      while (Atomics.load(new Int32Array(started), 0) < 2) await new Promise((resolve) => setTimeout(resolve, 1));
      await new Promise((resolve) => setTimeout(resolve, kill % 4));
      for (const worker of workers) await worker.terminate();
      const held = [0, 1].flatMap((thread) => view.repair(thread).taken);
      const found: number[] = [];
      const look = (cell: number) => {
        const [, ticket = -1, check] = view.ints.subarray(view.wordOf(cell), view.wordOf(cell) + 3);
        expect(check).toBe(scramble(ticket));
        found.push(ticket);
      };
      for (const cell of held) look(cell);
      for (const cell of held) view.discard(cell);
      const queued: number[] = [];
      for (let cell = consumer.take(); cell >= 0; cell = consumer.take()) {
        queued.push(view.ints[view.wordOf(cell) + 1] ?? -1);
        look(cell);
        consumer.done(cell);
      }
      // A thread offers its ticket again before it is done with the old cell: ended between the two, it leaves the ticket in both.
      expect([...new Set(found)].sort()).toEqual(tickets);
      expect(new Set(queued).size).toBe(queued.length);
      expect(found.length - tickets.length).toBeLessThanOrEqual(2);
      for (const ticket of tickets) {
        const cell = producer.reserve();
        view.ints.set([2, ticket, scramble(ticket)], view.wordOf(cell));
        expect(producer.publish(cell)).toBe(true);
      }
    }
  });
});
