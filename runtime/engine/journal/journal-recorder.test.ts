import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TaskFact } from "../../../actors/workflow/run-past.js";
import { EventWriter, FAILED, RETURNED, STARTED } from "../../codec/journal-event.js";
import { connectLmdb } from "../../stores/lmdb-store.js";
import { MemoryStore } from "../../stores/memory-store.js";
import type { Journal, Store } from "../../stores/store.js";
import { RunRecord } from "../run.js";
import type { Definition } from "./definition.js";
import { type JournalLimits, JournalRecorder, type UnfinishedRun } from "./journal-recorder.js";
import type { Acceptance, RunEnd } from "./stored-run.js";

const limits: JournalLimits = { endedRunsMax: 1e6, endedAgeMsMax: 1e12, endedBytesMax: 1e12, crashAttemptsMax: 3 };
const asIs = (ms: number): number => ms;
const nothing = (): void => {};
const bytes = (...all: number[]): Uint8Array => Uint8Array.from(all);
const idOf = (order: number): string => `run-${order}`;
const end: RunEnd = { status: "completed", body: bytes(1), tasks: [1], workUs: [2], makespanMs: 3, waitMs: 4 };
const definitionOf = (hash: string): Definition => ({ workflow: "w", hash, tasks: [], taskCount: 0 });

interface EventDraft {
  readonly kind: number;
  readonly attempt?: number;
  readonly task?: number;
  readonly body?: Uint8Array;
  readonly epoch?: number;
}

/** An engine's life, as far as a recorder sees it. A run lives in the slot of its number, under epoch 1. */
class Life {
  readonly recorder: JournalRecorder;
  readonly durable: (readonly [worker: number, batch: number])[] = [];
  readonly failures: unknown[] = [];
  readonly runs = new Map<number, RunRecord>();
  unfinished: readonly UnfinishedRun[] = [];

  constructor(store: Store, journal: Journal, given = limits) {
    this.recorder = new JournalRecorder(store, journal, given);
    this.recorder.events = {
      liveRun: (slot, epoch) => (epoch === 1 ? this.runs.get(slot) : undefined),
      onDurable: (worker, batch) => this.durable.push([worker, batch]),
      onRoom: nothing,
      onFailed: (error) => this.failures.push(error),
    };
  }

  async begin(): Promise<this> {
    this.unfinished = await this.recorder.recover();
    for (const { number, acceptance } of this.unfinished) {
      const record = this.#add(number, acceptance.input);
      this.recorder.claim(number, record);
    }
    return this;
  }

  accept(definition = "d", input = bytes(7)): { readonly record: RunRecord; readonly isAccepted: Promise<void> } {
    const record = this.#add(this.recorder.takeNumber(), input);
    this.recorder.define(definitionOf(definition));
    const acceptance = (): Acceptance => ({
      ...{ id: record.id, workflow: "w", definition, priority: 0, input },
      ...{ submittedAt: 5, deadline: Number.NaN, timeoutAt: Number.NaN },
    });
    return { record, isAccepted: this.recorder.accept(record, acceptance) };
  }

  record(worker: number, batch: number, run: number, events: readonly EventDraft[]): void {
    const writer = new EventWriter();
    for (const { kind, attempt = 1, task = 0, body, epoch = 1 } of events) writer.append(kind, run, epoch, attempt, [task], 0, body);
    this.recorder.recorded(worker, batch, writer.take());
  }

  end(record: RunRecord, how: RunEnd = end): Promise<void> {
    this.runs.delete(record.order);
    return new Promise((resolve, reject) => this.recorder.ended(record, () => how, resolve, reject));
  }

  #add(order: number, input: Uint8Array): RunRecord {
    const record = new RunRecord({
      ...{ ownId: idOf(order), idPrefix: "", workflow: "w", workflowId: 1, order, submittedAt: 0, priority: 0 },
      ...{ deadline: Number.NaN, input, cancel: nothing, listTasks: async () => [] },
    });
    this.runs.set(order, record);
    return record;
  }
}

/** The journal whose owner before died without giving it back. */
const orphaned = (journal: Journal): Journal =>
  new Proxy(journal, {
    get: (target, name) => {
      const value: unknown = name === "wasClosed" ? false : Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

/** Counts how often a journal is read. */
function countingReads(journal: Journal): { readonly journal: Journal; readonly reads: () => number } {
  let reads = 0;
  const counting = new Proxy(journal, {
    get: (target, name) => {
      if (name === "records") reads += 1;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { journal: counting, reads: () => reads };
}

const returnedBy = (facts: readonly TaskFact[]): (readonly [task: number, output: readonly number[]])[] =>
  facts
    .flatMap(({ positions, hasReturned, output }) => (hasReturned ? [[positions[0] as number, [...(output ?? [])]] as const] : []))
    .sort();

describe.each<[string, (folder: string) => Promise<Store>, number]>([
  ["memory:", async () => new MemoryStore(), 60],
  ["lmdb:", (folder) => connectLmdb(`lmdb:${folder}`, { durability: "process", unavailableMsMax: 1000, replicas: 0 }), 10],
])("JournalRecorder on %s", (_, connect, numRuns) => {
  let folder: string;
  let store: Store;
  let opened = 0;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "dataflower-recorder-"));
    store = await connect(folder);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const open = async (name: string, given?: JournalLimits): Promise<{ life: Life; journal: Journal }> => {
    const journal = await store.open(name);
    return { life: await new Life(store, journal, given).begin(), journal };
  };

  test("what was acknowledged is there in the next life, and nothing is there that never was", async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("accept" as const) }) },
      { weight: 6, arbitrary: fc.record({ kind: fc.constant("return" as const), run: fc.nat(), task: fc.nat(5), worker: fc.nat(1) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constantFrom("stale" as const, "mixed" as const),
          run: fc.nat(),
          task: fc.nat(5),
          worker: fc.nat(1),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("end" as const), run: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("next life" as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const name = `j${opened++}`;
        let { life, journal } = await open(name);
        const live = new Map<number, Map<number, number[]>>();
        const ended = new Set<number>();
        const batches = [0, 0];
        let accepted = 0;
        const pick = (which: number): RunRecord | undefined => [...life.runs.values()][which % Math.max(1, life.runs.size)];
        const nextLife = async (): Promise<void> => {
          await life.recorder.durable();
          for (const worker of [0, 1]) {
            const told = life.durable.flatMap(([to, batch]) => (to === worker ? [batch] : []));
            expect(told).toEqual([...told].sort((left, right) => left - right));
            if (batches[worker] !== 0) expect(told.at(-1)).toBe(batches[worker]);
          }
          batches.fill(0);
          await journal.close();
          ({ life, journal } = await open(name));
          expect(life.unfinished.map(({ number }) => number).sort()).toEqual([...live.keys()].sort());
          for (const { number, facts, acceptance } of life.unfinished) {
            expect(returnedBy(facts.list(asIs))).toEqual([...(live.get(number) as Map<number, number[]>)].sort());
            expect(acceptance).toMatchObject({ id: idOf(number), input: bytes(7), definition: "d" });
          }
          expect(life.recorder.definition("d")?.hash).toBe(accepted > 0 ? "d" : undefined);
          for (const run of ended) expect((await life.recorder.find(idOf(run)))?.end).toEqual(end);
        };
        for (const one of steps) {
          const run = "run" in one ? pick(one.run) : undefined;
          if (one.kind === "accept") {
            const { record, isAccepted } = life.accept();
            expect(live.has(record.order) || ended.has(record.order)).toBe(false); // no number twice
            live.set(record.order, new Map());
            accepted += 1;
            isAccepted.catch(nothing);
          } else if (one.kind === "wait") await life.recorder.durable();
          else if (one.kind === "next life") await nextLife();
          else if (run === undefined) continue;
          else if (one.kind === "end") {
            live.delete(run.order);
            ended.add(run.order);
            void life.end(run);
          } else {
            const batch = (batches[one.worker] as number) + 1;
            batches[one.worker] = batch;
            const current = { kind: RETURNED, task: one.task, body: bytes(one.task) };
            const stale = { kind: RETURNED, task: one.task + 10, body: bytes(99), epoch: 2 };
            const events = { return: [current], stale: [stale], mixed: [stale, current, stale] }[one.kind];
            life.record(one.worker, batch, run.order, events);
            if (one.kind !== "stale") live.get(run.order)?.set(one.task, [one.task]);
          }
        }
        await nextLife();
        await nextLife(); // reading changes nothing
        expect(life.failures).toEqual([]);
        await life.recorder.durable();
        await journal.close();
      }),
      { numRuns },
    );
  });

  test("a worker is told that its batches are durable when the store has them, and of none once a commit has failed", async () => {
    const journal = await store.open("j");
    let isBroken = false;
    const breakable = new Proxy(journal, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (name === "commit" && isBroken) return () => Promise.reject(new Error("the disk is gone"));
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const life = await new Life(store, breakable).begin();
    const { record, isAccepted } = life.accept();
    await isAccepted;
    life.record(0, 1, record.order, [{ kind: RETURNED }]);
    life.record(1, 1, record.order, [{ kind: RETURNED, epoch: 2 }]);
    expect(life.durable).toEqual([]);
    await life.recorder.durable();
    life.record(1, 2, record.order, [{ kind: RETURNED, epoch: 2 }]);
    const told = [
      [0, 1],
      [1, 1],
      [1, 2],
    ];
    expect(life.durable).toEqual(told);
    isBroken = true;
    life.record(0, 2, record.order, [{ kind: RETURNED }]);
    await expect(life.recorder.durable()).rejects.toMatchObject({ code: "DF_STORE_POISONED" });
    life.record(0, 3, record.order, [{ kind: RETURNED, epoch: 2 }]);
    await expect(life.end(record)).rejects.toMatchObject({ code: "DF_STORE_POISONED" });
    await expect(life.recorder.factsOf(record)).rejects.toMatchObject({ code: "DF_STORE_POISONED" });
    expect([life.durable, life.failures]).toEqual([told, [expect.objectContaining({ code: "DF_STORE_POISONED" })]]);
    await journal.close();
  });

  test("a checkpoint keeps what unfinished runs need, whatever happens while it is written", { timeout: 60_000 }, async () => {
    let { life, journal } = await open("j");
    const kept = life.accept("in use");
    const large = life.accept("of ended runs");
    await Promise.all([kept.isAccepted, large.isAccepted]);
    life.record(0, 1, kept.record.order, [
      { kind: STARTED, task: 3 },
      { kind: FAILED, task: 3, body: bytes(3) },
      { kind: RETURNED, task: 4, body: bytes(4) },
    ]);
    const mebibytes = 8;
    const body = new Uint8Array(mebibytes << 20);
    for (let batch = 2; batch < 2 + 64 / mebibytes; batch++)
      life.record(0, batch, large.record.order, [{ kind: RETURNED, task: batch, body }]);
    const isEnded = life.end(large.record);
    let isCut = false;
    for (let batch = 100; !isCut; batch++) {
      life.record(1, batch, kept.record.order, [{ kind: RETURNED, task: batch, body: bytes(batch) }]);
      if (batch === 101) await life.accept("of ended runs").isAccepted;
      if (batch === 101) await isEnded;
      await life.recorder.durable();
      isCut = await journal
        .records(1)
        [Symbol.asyncIterator]()
        .next()
        .then(
          () => false,
          ({ code }: { code: unknown }) => code === "DF_CHECKPOINT_LOST",
        );
      expect(batch).toBeLessThan(200);
    }
    const late = life.accept("of ended runs", bytes(9));
    await late.isAccepted;
    const facts = await life.recorder.factsOf(kept.record);
    await journal.close();

    ({ life, journal } = await open("j"));
    expect(life.unfinished.map(({ number }) => number)).toEqual(expect.arrayContaining([kept.record.order, late.record.order]));
    expect(life.unfinished).toHaveLength(3);
    const recovered = life.unfinished.find(({ number }) => number === kept.record.order)?.facts.list(asIs) ?? [];
    const byTask = (all: readonly TaskFact[]) =>
      [...all].sort((left, right) => (left.positions[0] as number) - (right.positions[0] as number));
    expect(byTask(recovered)).toEqual(byTask(facts));
    expect(returnedBy(recovered)).toContainEqual([4, [4]]);
    expect(byTask(recovered)[0]).toMatchObject({ positions: [3], attempts: 1, started: 1, failure: bytes(3) });
    for (const hash of ["in use", "of ended runs"]) expect(life.recorder.definition(hash)).toEqual(definitionOf(hash));
    expect(await life.recorder.find(large.record.id)).toMatchObject({ end });
    await journal.close();
  });

  test("a task is given up with the last of so many deaths, and stays so in that life", async () => {
    const first = await open("j");
    const { record, isAccepted } = first.life.accept();
    await isAccepted;
    first.life.record(0, 1, record.order, [
      { kind: STARTED, task: 1 },
      { kind: STARTED, task: 2 },
      { kind: RETURNED, task: 2 },
    ]);
    await first.life.recorder.durable();
    await first.journal.close();
    for (let deaths = 1; deaths <= limits.crashAttemptsMax; deaths++) {
      const journal = await store.open("j");
      const life = await new Life(store, orphaned(journal)).begin();
      const expected = [
        { positions: [1], deaths, isParked: deaths >= limits.crashAttemptsMax },
        { positions: [2], deaths: 0, isParked: false },
      ];
      expect(life.unfinished[0]?.facts.areSuspect).toBe(true);
      expect(life.unfinished[0]?.facts.list(asIs)).toMatchObject(expected);
      expect(await life.recorder.factsOf(life.runs.get(record.order) as RunRecord)).toMatchObject(expected);
      await journal.close();
    }
  });

  test("the log is read once for all runs that are asked for in one turn, and for each what was recorded before", async () => {
    const counted = countingReads(await store.open("j"));
    const life = await new Life(store, counted.journal).begin();
    const runs = Array.from({ length: 20 }, () => life.accept().record);
    for (const { order } of runs) life.record(0, order, order, [{ kind: RETURNED, task: order, body: bytes(order) }]);
    const before = counted.reads();
    const facts = await Promise.all(runs.map((run) => life.recorder.factsOf(run)));
    expect(counted.reads() - before).toBe(1);
    expect(facts.map(returnedBy)).toEqual(runs.map(({ order }) => [[order, [order]]]));
    const [first, second] = runs as [RunRecord, RunRecord];
    const earlier = life.recorder.factsOf(first);
    await Promise.resolve();
    await Promise.resolve();
    life.record(0, 100, second.order, [{ kind: RETURNED, task: 1000 }]);
    expect(returnedBy(await life.recorder.factsOf(second))).toContainEqual([1000, []]);
    expect(returnedBy(await earlier)).toHaveLength(1);
    await counted.journal.close();
  });

  test("runs that have ended are forgotten by the limits, in the life after, too", async () => {
    const given = { ...limits, endedRunsMax: 2 };
    let { life, journal } = await open("j", given);
    const endOne = async (): Promise<string> => {
      const { record, isAccepted } = life.accept();
      await isAccepted;
      await life.end(record);
      return record.id;
    };
    const ids = [await endOne(), await endOne(), await endOne()];
    await journal.close();
    ({ life, journal } = await open("j", given));
    ids.push(await endOne());
    const known = await Promise.all(ids.map((id) => life.recorder.find(id)));
    expect(known.map((run) => run !== undefined)).toEqual([false, false, true, true]);
    expect((await life.recorder.list(undefined, 10)).map(({ id }) => id)).toEqual(ids.slice(2));
    await journal.close();
  });
});
