import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { graphOf, plainOptions, ref } from "../../actors/workflow/graph.fixture.js";
import { NODE_TASK } from "../../actors/workflow/graph.js";
import { liveRun } from "../../actors/workflow/scope.fixture.js";
import { EventReader, FAILED, RETURNED, STARTED } from "../codec/journal-event.js";
import { decodeValue } from "../codec/value-codec.js";
import { linkThreads } from "../engine/thread-ports.js";
import { ByteRing } from "../memory/byte-ring.js";
import { Doorbells } from "../memory/doorbell.js";
import { Bells } from "./bells.js";
import { type Blob, Blobs } from "./blobs.js";
import { decodeFailure } from "./failure-codec.js";
import { journalBlob } from "./journal-frame.js";
import { batchesUnderWayMax, JournalWriter, type JournalWriterParts } from "./journal-writer.js";
import { Links } from "./links.js";
import { ResultReader } from "./result-frame.js";

const [me, control] = [0, 1];
const ringBytes = 128 * 1024;
const ends: { close(): void }[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end.close();
});

/** A worker's writer, and the control thread at the other end of its ring and its ports. */
function open(parts: Partial<JournalWriterParts> = {}) {
  const doorbells = new Doorbells(new SharedArrayBuffer(Doorbells.bytes(2)), 0, 2);
  doorbells.setDurable(me, ((parts.firstBatch ?? 1) - 1) | 0);
  const ring = new ByteRing(new SharedArrayBuffer(ByteRing.bytes(ringBytes)), 0, ringBytes);
  const [mine, theirs] = [new Links(doorbells, undefined, () => {}), new Links(doorbells, undefined, () => {})];
  const link = linkThreads(me, 0, control, 0);
  mine.adopt(link.ofOne);
  theirs.adopt(link.ofOther);
  ends.push(mine, theirs);
  const posted = new Map<string, Uint8Array>();
  const keyOf = ({ slot, epoch }: { readonly slot: number; readonly epoch: number }): string => `${slot}:${epoch}`;
  const incoming = new Blobs(theirs, (blob: Blob) => posted.set(keyOf(blob), blob.bytes));
  const reader = new ResultReader(ring.claimConsumer());
  const writer = new JournalWriter({
    ...{ worker: me, controlThread: control, ring, producer: ring.claimProducer(), doorbells, bells: new Bells(doorbells, mine, 1) },
    ...{ blobs: new Blobs(mine, () => {}), firstBatch: 1, recordsAll: true, isStrict: true, wallMs: (ms: number) => ms + 1000 },
    ...parts,
  });
  /** The next batch that has arrived, as the control thread reads it. */
  const take = (): { readonly batch: number; readonly events: Uint8Array } | undefined => {
    if (!reader.next()) return undefined;
    expect(reader.isJournal).toBe(true);
    const { batch } = reader;
    incoming.drain();
    const events = reader.events() ?? posted.get(keyOf(journalBlob(me, batch)));
    expect(events).toBeDefined();
    posted.delete(keyOf(journalBlob(me, batch)));
    return { batch, events: events as Uint8Array };
  };
  return { writer, doorbells, take, posted };
}

const graph = graphOf([{ nodes: [{ kind: NODE_TASK, name: "task" }], result: ref(1) }]);
/** The first attempt of a run's only task, which has returned so many bytes. */
function attemptOf(order: number, outputBytes = 0) {
  const run = liveRun(graph, { order });
  const output = new Uint8Array(outputBytes).fill(order);
  run.root.memory.putOwned(1, output);
  return { run, scope: run.root, instance: 1, attempt: 1, output };
}

const runsIn = (events: Uint8Array): number[] => {
  const found: number[] = [];
  for (const reader = new EventReader(events); reader.next(); ) found.push(reader.run);
  return found;
};

describe("JournalWriter", () => {
  test("writes what has happened to an attempt", () => {
    const { writer, take } = open();
    const attempt = attemptOf(5, 3);
    const error = new DataFlowerError("DF_TASK_FAILED", "Cannot", { cause: new TypeError("no") });
    writer.started(attempt);
    writer.failed({ ...attempt, attempt: 2 }, { kind: "threw", error, heartbeat: 7 }, 20);
    writer.failed({ ...attempt, attempt: 3 }, { kind: "threw", error, heartbeat: 7 }, Number.NaN);
    writer.returned(attempt);
    writer.flush();
    const reader = new EventReader(take()?.events as Uint8Array);
    const told = () => [reader.next(), reader.kind, reader.run, reader.fence, reader.attempt, reader.positions, reader.at];
    expect(told()).toEqual([true, STARTED, 5, 1, 1, [1], 0]);
    expect(told()).toEqual([true, FAILED, 5, 1, 2, [1], 1020]);
    expect(decodeFailure(reader.body)).toMatchObject({ kind: "threw", heartbeat: 7, error: { cause: { name: "TypeError" } } });
    expect(told()).toEqual([true, FAILED, 5, 1, 3, [1], Number.NaN]);
    expect(told()).toEqual([true, RETURNED, 5, 1, 1, [1], 0]);
    expect(decodeValue(reader.body)).toEqual(attempt.output);
    expect(reader.next()).toBe(false);
  });

  test("writes no output that nobody reads", () => {
    const { writer, take } = open();
    const run = liveRun(graphOf([{ nodes: [{ kind: NODE_TASK, name: "task" }] }]));
    run.root.memory.putOwned(1, "unread");
    writer.returned({ run, scope: run.root, instance: 1, attempt: 1 });
    writer.flush();
    const reader = new EventReader(take()?.events as Uint8Array);
    expect([reader.next(), reader.kind, reader.body.length]).toEqual([true, RETURNED, 0]);
  });

  test("records all tasks, or those alone whose attempts are not repeated", () => {
    for (const [delivery, isOnce] of [
      ["at-least-once", false],
      ["at-most-once", true],
    ] as const) {
      const run = liveRun({ ...graph, options: () => ({ ...plainOptions, delivery }) });
      expect(open({ recordsAll: true }).writer.records(run, 1)).toBe(true);
      expect(open({ recordsAll: false }).writer.records(run, 1)).toBe(isOnce);
    }
  });

  test("sends nothing when there is nothing", () => {
    const { writer, take } = open();
    expect([writer.flush(), writer.isHeld, take()]).toEqual([true, false, undefined]);
  });

  test("sends large batches by port, ahead of what tells of them", () => {
    const { writer, take, posted } = open();
    const sizes = [10, 40_000, 20, 300_000];
    for (const [order, size] of sizes.entries()) {
      writer.returned(attemptOf(order, size));
      expect(writer.flush()).toBe(true);
    }
    for (const [order, size] of sizes.entries()) {
      const { batch, events } = take() as { batch: number; events: Uint8Array };
      const reader = new EventReader(events);
      expect([batch, reader.next(), reader.run]).toEqual([order + 1, true, order]);
      expect((decodeValue(reader.body) as Uint8Array).length).toBe(size);
    }
    expect(posted.size).toBe(0);
  });

  test("rings the control thread for each batch", () => {
    const { writer, doorbells } = open();
    for (let count = 1; count <= 3; count++) {
      writer.started(attemptOf(count));
      writer.flush();
      expect(doorbells.events(control)).toBe(count);
    }
  });

  test("knows what is durable, also where the numbers wrap", () => {
    for (const firstBatch of [1, 2 ** 31 - 2, 2 ** 31 - 1, -(2 ** 31), -1, 0]) {
      const { writer, doorbells, take } = open({ firstBatch });
      const numbers = [0, 1, 2, 3].map((order) => {
        const batch = writer.started(attemptOf(order));
        writer.flush();
        expect(take()?.batch).toBe(batch);
        return batch;
      });
      expect(numbers).toEqual([0, 1, 2, 3].map((more) => (firstBatch + more) | 0));
      expect(numbers.map((batch) => writer.isDurable(batch))).toEqual([false, false, false, false]);
      doorbells.setDurable(me, numbers[1] as number);
      expect(numbers.map((batch) => writer.isDurable(batch))).toEqual([true, true, false, false]);
    }
  });

  test("keeps what comes while so much is under way, and sends it with what comes next", () => {
    const { writer, doorbells, take } = open({ firstBatch: 2 ** 31 - 2 });
    const record = (order: number): number => {
      const batch = writer.started(attemptOf(order));
      writer.flushSoon();
      return batch;
    };
    const first = record(0);
    for (let order = 1; order < 5; order++) record(order);
    for (let sent = 0; sent < batchesUnderWayMax; sent++) expect(runsIn(take()?.events as Uint8Array)).toEqual([sent]);
    expect(take()).toBeUndefined();
    doorbells.setDurable(me, first);
    writer.flushSoon();
    expect(runsIn(take()?.events as Uint8Array)).toEqual([2, 3, 4]);
    record(5);
    expect(take()).toBeUndefined();
    writer.flush();
    expect(runsIn(take()?.events as Uint8Array)).toEqual([5]);
  });

  test("sends more than so many bytes whatever is under way", () => {
    const { writer, take } = open();
    for (let order = 0; order < batchesUnderWayMax; order++) {
      writer.started(attemptOf(order));
      writer.flushSoon();
      take();
    }
    writer.returned(attemptOf(7, 100_000));
    writer.flushSoon();
    expect(take()).toBeUndefined();
    writer.returned(attemptOf(8, 200_000));
    writer.flushSoon();
    expect(runsIn(take()?.events as Uint8Array)).toEqual([7, 8]);
  });

  test("loses, repeats and reorders nothing, however full the ring is", () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant("return" as const), bytes: fc.constantFrom(0, 100, 9_000, 33_000) }) },
      { weight: 5, arbitrary: fc.constant({ kind: "return and flush" as const, bytes: 31_000 }) },
      { weight: 3, arbitrary: fc.constantFrom({ kind: "flush" as const }, { kind: "flush soon" as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: "take" as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: "durable" as const }) },
    );
    let held = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), fc.constantFrom(1, 2 ** 31 - 5), (steps, firstBatch) => {
        const { writer, doorbells, take } = open({ firstBatch });
        const expected: [batch: number, order: number][] = [];
        const found: [batch: number, order: number][] = [];
        let taken = (firstBatch - 1) | 0;
        const takeOne = (): boolean => {
          const next = take();
          if (next === undefined) return false;
          expect(next.batch).toBe((taken + 1) | 0);
          taken = next.batch;
          for (const run of runsIn(next.events)) found.push([next.batch, run]);
          return true;
        };
        for (const one of steps) {
          if ("bytes" in one) {
            const order = expected.length;
            expected.push([writer.returned(attemptOf(order, one.bytes)), order]);
          }
          if (one.kind === "flush" || one.kind === "return and flush") {
            expect(writer.flush()).toBe(!writer.isHeld);
            if (writer.isHeld) held += 1;
          } else if (one.kind === "flush soon") writer.flushSoon();
          else if (one.kind === "take") takeOne();
          else if (one.kind === "durable") doorbells.setDurable(me, taken);
          for (const [batch] of expected) expect(writer.isDurable(batch)).toBe(((doorbells.durable(me) - batch) | 0) >= 0);
        }
        do while (takeOne());
        while (!writer.flush() || takeOne());
        expect(found).toEqual(expected);
        for (const end of ends.splice(0)) end.close();
      }),
      { numRuns: 60 },
    );
    expect(held).toBeGreaterThan(0);
  });
});
