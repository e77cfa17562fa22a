import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeRecord } from "../../codec/journal-record.js";
import { connectLmdb } from "../../stores/lmdb-store.js";
import { MemoryStore } from "../../stores/memory-store.js";
import type { Commit, Journal, Store } from "../../stores/store.js";
import { GroupCommit } from "./group-commit.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const bytes = (...all: number[]): Uint8Array => Uint8Array.from(all);

/** What becomes of a commit that is asked for. */
type Fate = "written" | "refused" | "written, but its answer is lost";

/** A journal of a store whose commits wait until they are told their fate. */
class HeldJournal {
  readonly #journal: Journal;
  #held: { readonly commit: Commit; settle(fate: Fate): Promise<void> } | undefined;
  asked = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get journal(): Journal {
    const commit = (asked: Commit): Promise<void> => this.#hold(asked);
    return new Proxy(this.#journal, { get: (target, name) => (name === "commit" ? commit : Reflect.get(target, name, target)) });
  }

  get isAsked(): boolean {
    return this.#held !== undefined;
  }

  async settle(fate: Fate): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.settle(fate);
    await turn();
  }

  #hold(commit: Commit): Promise<void> {
    expect(this.#held).toBeUndefined(); // one at a time
    this.asked += 1;
    return new Promise((resolve, reject) => {
      const settle = async (fate: Fate): Promise<void> => {
        if (fate !== "refused") await this.#journal.commit(commit);
        if (fate === "written") resolve();
        else reject(new Error("the disk is gone"));
      };
      this.#held = { commit, settle };
    });
  }
}

/** Everything that the journal holds, record by record. */
async function recordsOf(journal: Journal, from: number): Promise<number[][]> {
  const found: number[][] = [];
  for await (const { position, record } of journal.records(from)) found.push([...decodeRecord(record, position).events]);
  return found;
}

describe("GroupCommit", () => {
  let store: Store;
  let journal: Journal;
  let held: HeldJournal;
  let group: GroupCommit;
  let told: unknown[];

  beforeEach(async () => {
    store = new MemoryStore();
    journal = await store.open("j");
    held = new HeldJournal(journal);
    told = [];
    group = new GroupCommit({
      journal: held.journal,
      nextRun: () => 1,
      onDurable: () => told.push("durable"),
      onFailed: (error) => told.push((error as { code?: unknown }).code),
    });
  });
  afterEach(() => store.close());

  test("commits together what comes in one turn, and what comes while a commit is under way", async () => {
    for (const event of [1, 2]) group.add(bytes(event));
    await turn();
    for (const event of [3, 4]) group.add(bytes(event));
    await turn();
    expect(held.asked).toBe(1);
    await held.settle("written");
    await held.settle("written");
    expect(await recordsOf(journal, 1)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([group.position, group.pendingBytes, group.writtenBytes]).toEqual([3, 0, 4]);
  });

  test("commits more than fits into one commit in several", async () => {
    const size = 3 * 1024 * 1024;
    for (let count = 0; count < 4; count++) group.add(new Uint8Array(size).fill(count));
    for (let count = 0; count < 3; count++) {
      await turn();
      await held.settle("written");
    }
    expect((await recordsOf(journal, 1)).map((record) => [record.length / size, record[0], record.at(-1)])).toEqual([
      [2, 0, 1],
      [2, 2, 3],
    ]);
  });

  test("tells those who wait before it tells of the commit, and in their order", async () => {
    group.add(bytes(1));
    for (const one of ["a", "b"]) group.whenDurable(() => told.push(one));
    await turn();
    expect(told).toEqual([]);
    await held.settle("written");
    expect(told).toEqual(["a", "b", "durable"]);
  });

  test("writes nothing for those who only wait for what is under way", async () => {
    group.add(bytes(1));
    await turn();
    const waits = group.durable().then(() => told.push("waited"));
    group.whenDurable(() => told.push("told"));
    await held.settle("written");
    await waits;
    expect(told).toEqual(["told", "durable", "waited"]);
    await turn();
    expect(held.asked).toBe(1);
  });

  test("tells those who come while others are told behind these, and those who come later at once", async () => {
    const late = () => group.whenDurable(() => told.push("late"));
    group.add(bytes(1));
    group.whenDurable(() => {
      told.push("a");
      late();
    });
    group.whenDurable(() => told.push("b"));
    await turn();
    await held.settle("written");
    expect(told).toEqual(["a", "b", "late", "durable"]);
    late();
    expect(told.at(-1)).toBe("late");
  });

  test("calls at once who waits for nothing", async () => {
    group.whenDurable(() => told.push("told"));
    await group.durable();
    expect(told).toEqual(["told"]);
    expect(held.asked).toBe(0);
  });

  test("writes runs in their order: one that is forgotten and accepted again has no end", async () => {
    group.writeRun({ id: "r", entry: bytes(1), end: bytes(2) });
    await turn();
    await held.settle("written");
    group.writeRun({ id: "r", entry: undefined });
    group.writeRun({ id: "r", entry: bytes(3) });
    await turn();
    await held.settle("written");
    expect([await journal.run("r"), await journal.end("r")]).toEqual([bytes(3), undefined]);
  });

  test.each<Fate>(["refused", "written, but its answer is lost"])(
    "fails with what was asked for since, and for ever, when a commit is %s",
    async (fate) => {
      group.add(bytes(1));
      group.whenDurable(
        () => told.push("durable?"),
        () => told.push("a failed"),
      );
      await turn();
      group.add(bytes(2));
      group.whenDurable(
        () => told.push("durable?"),
        () => told.push("b failed"),
      );
      await held.settle(fate);
      expect(told).toEqual(["DF_STORE_POISONED", "a failed", "b failed"]);
      await expect(group.durable()).rejects.toMatchObject({ code: "DF_STORE_POISONED", cause: new Error("the disk is gone") });
      group.add(bytes(3));
      group.writeRun({ id: "r", entry: bytes(3) });
      group.whenDurable(
        () => told.push("durable?"),
        () => told.push("c failed"),
      );
      await turn();
      expect(told.slice(3)).toEqual(["c failed"]);
      expect(held.asked).toBe(1);
    },
  );

  test("keeps nothing that comes after a commit has failed", async () => {
    group.add(bytes(1));
    await turn();
    await held.settle("refused");
    const { pendingBytes } = group;
    for (let count = 0; count < 100; count++) group.add(new Uint8Array(1000));
    expect(group.pendingBytes).toBe(pendingBytes);
  });
});

/** Durable word of a worker, as the recorder would publish it: the newest batch that is acknowledged. */
interface Worker {
  sent: number;
  durable: number;
}

type Step =
  | { readonly kind: "batch"; readonly worker: number }
  | { readonly kind: "void batch"; readonly worker: number }
  | { readonly kind: "turn" }
  | { readonly kind: "settle"; readonly fate: Fate }
  | { readonly kind: "cut" };

const workers = 3;
const worker = fc.nat(workers - 1);
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("batch" as const), worker }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("void batch" as const), worker }) },
  { weight: 4, arbitrary: fc.constant({ kind: "turn" as const }) },
  { weight: 5, arbitrary: fc.constant({ kind: "settle" as const, fate: "written" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("settle" as const),
      fate: fc.constantFrom<Fate>("refused", "written, but its answer is lost"),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "cut" as const }) },
);

describe.each<[string, number, (folder: string) => Promise<Store>]>([
  ["memory:", 300, async () => new MemoryStore()],
  ["lmdb:", 25, (folder) => connectLmdb(`lmdb:${folder}`, { durability: "process", unavailableMsMax: 1000, replicas: 0 })],
])("what is acknowledged on %s", (_, numRuns, connect) => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "dataflower-group-commit-"));
    store = await connect(folder);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  /**
   * Batches of several workers. An event is two bytes: its worker, and the number of its batch. A batch that holds nothing current is
   * acknowledged with all before it, as the recorder does.
   */
  test("is in the store in order and once, whatever becomes of commits, and nothing is said of anything else", async () => {
    let name = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 60 }), async (program) => {
        const journal = await store.open(`j${name++}`);
        const held = new HeldJournal(journal);
        const crew: Worker[] = Array.from({ length: workers }, () => ({ sent: 0, durable: 0 }));
        const added: number[][] = [];
        const failures: unknown[] = [];
        let acknowledged = 0; // events
        let first = 1;
        const group = new GroupCommit({
          journal: held.journal,
          nextRun: () => 1,
          onDurable: () => {},
          onFailed: (one) => failures.push(one),
        });
        const send = (sender: Worker, index: number, isVoid: boolean): void => {
          const batch = ++sender.sent;
          if (!isVoid) {
            group.add(bytes(index, batch));
            added.push([index, batch]);
          }
          const count = added.length;
          group.whenDurable(() => {
            expect(batch).toBe(sender.durable + 1); // in their order, each once
            sender.durable = batch;
            acknowledged = Math.max(acknowledged, count);
          });
        };
        let cutEvents = 0;
        const check = async (): Promise<void> => {
          const stored = (await recordsOf(journal, first)).flat();
          const kept = added.slice(cutEvents);
          expect(stored).toEqual(kept.flat().slice(0, stored.length));
          expect(cutEvents + stored.length / 2).toBeGreaterThanOrEqual(acknowledged);
        };
        for (const step of program) {
          if (step.kind === "turn") await turn();
          else if (step.kind === "settle") {
            if (failures.length === 0) await held.settle(step.fate);
          } else if (step.kind === "cut") {
            await turn();
            if (failures.length > 0 || held.isAsked) continue;
            const cut = group.position;
            cutEvents += (await recordsOf(journal, first)).flat().length / 2;
            group.cutBefore(cut);
            await turn();
            await held.settle("written");
            first = cut;
          } else send(crew[step.worker] as Worker, step.worker, step.kind === "void batch");
          await check();
        }
        for (await turn(); failures.length === 0 && held.isAsked; await turn()) await held.settle("written");
        await check();
        if (failures.length === 0) expect(crew.every(({ sent, durable }) => sent === durable)).toBe(true);
        else expect(failures).toEqual([expect.objectContaining({ code: "DF_STORE_POISONED" })]);
        await journal.close();
      }),
      { numRuns },
    );
  });
});
