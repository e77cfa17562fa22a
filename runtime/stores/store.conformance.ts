import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Commit, Journal, JournalView, RunWrite, Store, StoredRecord } from "./store.js";

/** A place where journals lie: a folder, a server, a heap. A test has one to itself. */
export interface StorePlace {
  /** A connection to the place, which has all that earlier connections have left there. */
  connect(): Promise<Store>;
  /**
   * Makes somebody else the owner of a journal that has one, as happens to an owner that gives no sign of life for too long: behind its
   * back, while it lives on. The new owner writes nothing and dies without giving the journal back. Stores whose owners cannot be replaced so have
   * none, and say so in `skips`.
   */
  usurp?(name: string): Promise<void>;
  /** Ends and removes whatever the place is made of. All connections have been closed. */
  remove(): Promise<void>;
}

export interface StoreUnderTest {
  readonly name: string;
  makePlace(): Promise<StorePlace>;
  /** Groups of tests that the store cannot pass by its nature. */
  readonly skips?: readonly { readonly group: "owners that are replaced"; readonly reason: string }[];
  /** Programs that the comparison with a model carries out. @defaultValue 25 */
  readonly modelRuns?: number;
}

const mib = 1 << 20;
const idLengthMax = 128;

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined): string | undefined => (found === undefined ? undefined : new TextDecoder().decode(found));

/** Bytes of which each position tells. */
function pattern(length: number): Uint8Array {
  const made = new Uint8Array(length);
  for (let index = 0; index < length; index++) made[index] = (index * 31 + (index >>> 8)) & 0xff;
  return made;
}

/** Compares as a number, not element by element: the runner takes seconds for megabytes. */
const isSame = (found: Uint8Array | undefined, wanted: Uint8Array): boolean => found !== undefined && Buffer.compare(found, wanted) === 0;

const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "nothing was thrown",
    (error: { code?: unknown }) => error.code ?? error,
  );

async function all(records: AsyncIterable<StoredRecord>): Promise<[number, string | undefined][]> {
  const found: [number, string | undefined][] = [];
  for await (const { position, record } of records) found.push([position, text(record)]);
  return found;
}

/** All entries, read page by page. */
async function allRuns(view: JournalView, limit: number): Promise<[string, string | undefined][]> {
  const found: [string, string | undefined][] = [];
  for (;;) {
    const page = await view.runs(found.at(-1)?.[0], limit);
    expect(page.length).toBeLessThanOrEqual(limit);
    const [first, last] = [page[0]?.id, found.at(-1)?.[0]];
    if (first !== undefined && last !== undefined) expect(first > last, `${first} is behind ${last}`).toBe(true); // or this would never end
    found.push(...page.map(({ id, entry }): [string, string | undefined] => [id, text(entry)]));
    if (page.length < limit) return found;
  }
}

/** A commit in few words. */
function commitOf(position: number, runs: Readonly<Record<string, string | undefined>> = {}, more: Partial<Commit> = {}): Commit {
  const writes = Object.entries(runs).map(([id, entry]): RunWrite => ({ id, entry: entry === undefined ? undefined : bytes(entry) }));
  return { position, record: bytes(`record ${position}`), runs: writes, ...more };
}

/** What every store promises. */
export function storeConformance({ name, makePlace, skips = [], modelRuns = 25 }: StoreUnderTest): void {
  describe(`${name} as a Store`, () => {
    let place: StorePlace;
    let stores: Store[];

    beforeEach(async () => {
      stores = [];
      place = await makePlace();
    });
    afterEach(async () => {
      await Promise.allSettled(stores.map((store) => store.close()));
      await place.remove();
    });

    async function connect(): Promise<Store> {
      const store = await place.connect();
      stores.push(store);
      return store;
    }

    /** Closes everything and comes back as another process would. */
    async function reopen(journalName = "main"): Promise<Journal> {
      for (const store of stores.splice(0)) await store.close();
      return (await connect()).open(journalName);
    }

    describe("commits", () => {
      test("a new journal is empty, and its first position is 1", async () => {
        const journal = await (await connect()).open("main");
        expect(journal).toMatchObject({ name: "main", first: 1, next: 1, wasClosed: true });
        expect(await all(journal.records(1))).toEqual([]);
        expect(await journal.runs(undefined, 10)).toEqual([]);
        expect(await journal.run("none")).toBeUndefined();
        expect(await journal.end("none")).toBeUndefined();
      });

      test("records come back in the order of their positions, from any of them on", async () => {
        const journal = await (await connect()).open("main");
        for (let position = 1; position <= 300; position++) await journal.commit(commitOf(position));
        const wanted = Array.from({ length: 300 }, (_, index) => [index + 1, `record ${index + 1}`]);
        expect(await all(journal.records(1))).toEqual(wanted);
        expect(await all(journal.records(257))).toEqual(wanted.slice(256));
        expect(await all(journal.records(301))).toEqual([]);
        const again = await reopen();
        expect(again).toMatchObject({ first: 1, next: 301 });
        expect(await all(again.records(1))).toEqual(wanted);
      });

      test("whoever stops reading records in the middle leaves nothing behind", async () => {
        const journal = await (await connect()).open("main");
        for (let position = 1; position <= 5; position++) await journal.commit(commitOf(position));
        for await (const { position } of journal.records(2)) if (position === 3) break;
        for await (const { position } of journal.records(1)) {
          if (position === 2) await journal.commit(commitOf(6)); // a commit goes on beside a reader
        }
        expect((await all(journal.records(1))).map(([position]) => position)).toEqual([1, 2, 3, 4, 5, 6]);
      });

      test("a commit that is sent again does nothing", async () => {
        const journal = await (await connect()).open("main");
        await journal.commit(commitOf(1, { a: "first" }));
        await journal.commit(commitOf(2, { a: "second", b: "second" }));
        await journal.commit({ ...commitOf(2, { a: "again", c: "again" }), record: bytes("again"), cutBefore: 2 });
        expect(await all(journal.records(1))).toEqual([
          [1, "record 1"],
          [2, "record 2"],
        ]);
        expect(await allRuns(journal, 10)).toEqual([
          ["a", "second"],
          ["b", "second"],
        ]);
        const again = await reopen();
        expect(again).toMatchObject({ first: 1, next: 3 });
        await again.commit({ ...commitOf(2, { d: "again" }), record: bytes("again") });
        await again.commit(commitOf(3));
        expect((await allRuns(again, 10)).map(([id]) => id)).toEqual(["a", "b"]);
        expect((await all(again.records(2))).map(([, record]) => record)).toEqual(["record 2", "record 3"]);
      });

      test("a position that is neither the next nor the last one is refused and writes nothing", async () => {
        const journal = await (await connect()).open("main");
        for (const position of [0, 2, -1, 1.5, Number.NaN]) expect(await codeOf(journal.commit(commitOf(position)))).toBe("DF_INTERNAL");
        for (const position of [1, 2, 3]) await journal.commit(commitOf(position, { [`run-${position}`]: "there" }));
        for (const position of [0, 1, 5, 1e9, Number.MAX_SAFE_INTEGER]) {
          expect(await codeOf(journal.commit(commitOf(position, { wrong: "there" }, { cutBefore: 1 })))).toBe("DF_INTERNAL");
        }
        await journal.commit(commitOf(4));
        expect((await all(journal.records(1))).map(([position]) => position)).toEqual([1, 2, 3, 4]);
        expect((await allRuns(journal, 2)).map(([id]) => id)).toEqual(["run-1", "run-2", "run-3"]);
      });

      test("an id that no run can have is refused, and nothing of its commit is written", async () => {
        const journal = await (await connect()).open("main");
        const wrong = ["", "a b", "a/b", "a:b", "../a", "a\0", "ä", "a\n", "{a}", "*", "x".repeat(idLengthMax + 1), "\ud800"];
        for (const id of wrong) {
          const runs = [
            { id: "good", entry: bytes("there") },
            { id, entry: bytes("there") },
          ];
          expect(await codeOf(journal.commit({ position: 1, record: bytes(""), runs })), JSON.stringify(id)).toBe("DF_INTERNAL");
          expect(await journal.run(id), JSON.stringify(id)).toBeUndefined();
          expect(await journal.end(id), JSON.stringify(id)).toBeUndefined();
        }
        expect(await journal.runs(undefined, 10)).toEqual([]);
        expect(await all(journal.records(1))).toEqual([]);
      });

      test("records before a cut are gone, and asking for them says so", async () => {
        const journal = await (await connect()).open("main");
        for (let position = 1; position <= 9; position++) await journal.commit(commitOf(position));
        await journal.commit(commitOf(10, {}, { cutBefore: 8 }));
        expect((await all(journal.records(8))).map(([position]) => position)).toEqual([8, 9, 10]);
        expect(await codeOf(all(journal.records(7)))).toBe("DF_CHECKPOINT_LOST");
        await journal.commit(commitOf(11, {}, { cutBefore: 3 })); // was cut long ago
        const again = await reopen();
        expect(again).toMatchObject({ first: 8, next: 12 });
        await again.commit(commitOf(12, {}, { cutBefore: 12 }));
        expect(await all(again.records(12))).toEqual([[12, "record 12"]]);
        expect(await reopen()).toMatchObject({ first: 12, next: 13 });
      });

      test("a cut beyond the commit's own record is a mistake and writes nothing", async () => {
        const journal = await (await connect()).open("main");
        await journal.commit(commitOf(1));
        expect(await codeOf(journal.commit(commitOf(2, {}, { cutBefore: 3 })))).toBe("DF_INTERNAL");
        expect(await all(journal.records(1))).toEqual([[1, "record 1"]]);
      });

      test("a journal that was given back takes nothing more", async () => {
        const journal = await (await connect()).open("main");
        await journal.commit(commitOf(1));
        await journal.close();
        await journal.close();
        expect(await codeOf(journal.commit(commitOf(2)))).toBe("DF_INTERNAL");
        expect(await reopen()).toMatchObject({ next: 2 });
      });
    });

    describe("the index of runs", () => {
      test("entries are written, replaced and deleted, and their ends with them", async () => {
        const journal = await (await connect()).open("main");
        const write = (position: number, ...runs: RunWrite[]) => journal.commit({ position, record: bytes(""), runs });
        await write(1, { id: "a", entry: bytes("a1"), end: bytes("end of a") }, { id: "b", entry: bytes("b1") });
        await write(2, { id: "a", entry: bytes("a2") }, { id: "b", entry: bytes("b2"), end: bytes("end of b") });
        const isAsWritten = async (view: JournalView) => {
          expect([text(await view.run("a")), text(await view.end("a"))]).toEqual(["a2", "end of a"]); // the end stays as it was
          expect([text(await view.run("b")), text(await view.end("b"))]).toEqual(["b2", "end of b"]);
        };
        await isAsWritten(journal);
        const reopened = await reopen();
        await isAsWritten(reopened);
        await reopened.commit({ position: 3, record: bytes(""), runs: [{ id: "a", entry: undefined }] });
        await reopened.commit({ position: 4, record: bytes(""), runs: [{ id: "none", entry: undefined }] });
        const again = await reopen();
        expect([await again.run("a"), await again.end("a"), await again.run("none")]).toEqual([undefined, undefined, undefined]);
        await again.commit({ position: 5, record: bytes(""), runs: [{ id: "a", entry: bytes("a3") }] });
        expect([text(await again.run("a")), await again.end("a")]).toEqual(["a3", undefined]); // the old end does not come back
        expect(await allRuns(again, 10)).toEqual([
          ["a", "a3"],
          ["b", "b2"],
        ]);
      });

      test("a run that is there twice in a commit is as the later one says", async () => {
        const journal = await (await connect()).open("main");
        const runs = [
          { id: "a", entry: bytes("a1"), end: bytes("end") },
          { id: "a", entry: bytes("a2") },
          { id: "b", entry: bytes("b1"), end: bytes("end") },
          { id: "b", entry: undefined },
          { id: "c", entry: undefined },
          { id: "c", entry: bytes("c1") },
        ];
        await journal.commit({ position: 1, record: bytes(""), runs });
        expect([text(await journal.run("a")), text(await journal.end("a"))]).toEqual(["a2", "end"]);
        expect([await journal.run("b"), await journal.end("b")]).toEqual([undefined, undefined]);
        expect(await allRuns(journal, 10)).toEqual([
          ["a", "a2"],
          ["c", "c1"],
        ]);
      });

      test("ids are in the order of their bytes, page by page", async () => {
        const journal = await (await connect()).open("main");
        const ids = [
          "-",
          ".",
          "..",
          "0",
          "10",
          "9",
          "A",
          "Z",
          "_",
          "__proto__",
          "a",
          "a-",
          "a.",
          "a0",
          "aa",
          "b",
          "constructor",
          "z".repeat(idLengthMax),
        ];
        const runs = [...ids].reverse().map((each) => ({ id: each, entry: bytes(each), end: bytes(`end ${each}`) }));
        await journal.commit({ position: 1, record: bytes(""), runs });
        for (const limit of [1, 2, 5, ids.length, ids.length + 1]) expect(await allRuns(journal, limit)).toEqual(ids.map((id) => [id, id]));
        expect((await journal.runs("a0", 2)).map(({ id }) => id)).toEqual(["aa", "b"]);
        expect((await journal.runs("Q", 2)).map(({ id }) => id)).toEqual(["Z", "_"]); // `after` needs not be there
        expect(await journal.runs("z".repeat(idLengthMax), 2)).toEqual([]);
        expect(text(await journal.end("__proto__"))).toBe("end __proto__");
      });

      test("a thousand runs are listed by pages", async () => {
        const journal = await (await connect()).open("main");
        const ids = Array.from({ length: 1_000 }, (_, index) => `run-${String(index).padStart(4, "0")}`);
        await journal.commit({ position: 1, record: bytes(""), runs: ids.map((id) => ({ id, entry: bytes(id) })) });
        expect((await allRuns(journal, 300)).map(([id]) => id)).toEqual(ids);
      });
    });

    describe("bytes", () => {
      test.each([0, 1, 9 * mib])("%i of them come back as they were, in every place", async (length) => {
        const journal = await (await connect()).open("main");
        const wanted = pattern(length);
        const id = "r".repeat(idLengthMax);
        await journal.commit({ position: 1, record: wanted, runs: [{ id, entry: wanted, end: wanted }] });
        const again = await reopen();
        expect(isSame(await again.run(id), wanted)).toBe(true);
        expect(isSame(await again.end(id), wanted)).toBe(true);
        expect(isSame((await again.runs(undefined, 1))[0]?.entry, wanted)).toBe(true);
        let count = 0;
        for await (const { record } of again.records(1)) {
          expect(isSame(record, wanted)).toBe(true);
          count++;
        }
        expect(count).toBe(1);
      });

      test("they may lie inside a larger buffer, which is the caller's again once the commit has settled", async () => {
        const journal = await (await connect()).open("main");
        const large = pattern(100);
        const part = large.subarray(40, 60);
        const wanted = Uint8Array.from(part);
        await journal.commit({ position: 1, record: part, runs: [{ id: "a", entry: part, end: part }] });
        large.fill(0);
        const isKept = async () => {
          for await (const { record } of journal.records(1)) expect(isSame(record, wanted)).toBe(true);
          expect(isSame(await journal.run("a"), wanted)).toBe(true);
          expect(isSame(await journal.end("a"), wanted)).toBe(true);
        };
        await isKept();
        // What was given out belongs to whoever has it, and does not change under his hands.
        const held = [await journal.run("a"), await journal.end("a"), (await journal.runs(undefined, 1))[0]?.entry];
        for await (const { record } of journal.records(1)) held.push(record);
        for (let position = 2; position <= 20; position++) {
          await journal.commit({ position, record: pattern(5_000), runs: [{ id: "a", entry: pattern(5_000), end: pattern(5_000) }] });
          await journal.run("a");
        }
        for (const found of held) expect(isSame(found, wanted)).toBe(true);
        await journal.commit({ position: 21, record: wanted, runs: [{ id: "a", entry: wanted, end: wanted }], cutBefore: 21 });
        for (const found of held) found?.fill(7);
        expect(isSame(await journal.run("a"), wanted)).toBe(true);
        expect(isSame(await journal.end("a"), wanted)).toBe(true);
      });
    });

    describe("journals and owners", () => {
      test("several journals lie side by side and know nothing of each other", async () => {
        const store = await connect();
        const names = ["a", "a-b", "a.b", "A", "n".repeat(idLengthMax), "__proto__"];
        for (const name of names) {
          const journal = await store.open(name);
          await journal.commit({
            position: 1,
            record: bytes(`record of ${name}`),
            runs: [{ id: "run", entry: bytes(name), end: bytes(`end ${name}`) }],
          });
          await journal.commit(commitOf(2, { [`only-${name}`.slice(0, idLengthMax)]: "there" }));
        }
        expect(await store.journals()).toEqual([...names].sort().map((name) => ({ name, isOwned: true })));
        const again = await reopen("a");
        expect(await all(again.records(1))).toEqual([
          [1, "record of a"],
          [2, "record 2"],
        ]);
        expect((await allRuns(again, 10)).map(([id]) => id)).toEqual(["only-a", "run"]);
        for (const name of names) {
          const view = await (stores[0] as Store).view(name);
          expect([view?.name, text(await view?.run("run")), text(await view?.end("run"))]).toEqual([name, name, `end ${name}`]);
          expect((await view?.runs(undefined, 10))?.length).toBe(2);
        }
        expect(await (stores[0] as Store).journals()).toEqual([...names].sort().map((name) => ({ name, isOwned: name === "a" })));
      });

      test("what is no name of a journal is refused and makes none", async () => {
        const store = await connect();
        for (const wrong of ["", " ", "a b", "a/b", "a:b", "a\0b", "ä", "a\n", "{a}", "*", "x".repeat(idLengthMax + 1)]) {
          expect(await codeOf(store.open(wrong)), JSON.stringify(wrong)).toBe("DF_OPTION_INVALID");
          expect(await store.view(wrong), JSON.stringify(wrong)).toBeUndefined();
        }
        expect(await store.journals()).toEqual([]);
      });

      test("a view reads without owning, and sees what is committed", async () => {
        const store = await connect();
        expect(await store.view("main")).toBeUndefined();
        expect(await store.journals()).toEqual([]); // looking makes no journal
        const journal = await store.open("main");
        const other = await connect();
        for (const reader of [store, other]) {
          const view = await reader.view("main");
          expect(await view?.run("run")).toBeUndefined();
        }
        await journal.commit({ position: 1, record: bytes(""), runs: [{ id: "run", entry: bytes("there"), end: bytes("end") }] });
        for (const reader of [store, other]) {
          const view = await reader.view("main");
          expect([text(await view?.run("run")), text(await view?.end("run"))]).toEqual(["there", "end"]);
          expect((await view?.runs(undefined, 10))?.map(({ id }) => id)).toEqual(["run"]);
          expect(await reader.journals()).toEqual([{ name: "main", isOwned: true }]);
        }
        await journal.close();
        expect(await other.journals()).toEqual([{ name: "main", isOwned: false }]);
        expect(text(await (await other.view("main"))?.run("run"))).toBe("there");
      });

      test("a second owner is refused while the first one lives, on the same connection and on another", async () => {
        const store = await connect();
        const journal = await store.open("main");
        await journal.commit(commitOf(1));
        expect(await codeOf(store.open("main"))).toBe("DF_STORE_BUSY");
        const other = await connect();
        expect(await codeOf(other.open("main"))).toBe("DF_STORE_BUSY");
        await journal.commit(commitOf(2)); // the first one goes on undisturbed
        await journal.close();
        const next = await other.open("main");
        expect(next.next).toBe(3);
        expect(await codeOf(store.open("main"))).toBe("DF_STORE_BUSY");
      });

      test("of many that open a journal at once one gets it", async () => {
        const connections = [await connect(), await connect(), await connect()];
        const tried = await Promise.all(connections.map((store) => codeOf(store.open("main"))));
        expect(tried.sort()).toEqual(["DF_STORE_BUSY", "DF_STORE_BUSY", "nothing was thrown"]);
      });

      test("the fence grows with every owner", async () => {
        const fences: number[] = [];
        for (let round = 0; round < 4; round++) {
          const journal = await reopen();
          expect(journal.wasClosed).toBe(true);
          fences.push(journal.fence);
          if (round === 2) await journal.commit(commitOf(1));
        }
        expect(fences.every((fence, index) => Number.isSafeInteger(fence) && fence > (fences[index - 1] ?? 0))).toBe(true);
      });

      test("closing a connection gives its journals back, and twice is once", async () => {
        const store = await connect();
        const journal = await store.open("main");
        await journal.commit(commitOf(1));
        await store.close();
        await store.close();
        const other = await connect();
        expect(await other.journals()).toEqual([{ name: "main", isOwned: false }]);
        expect(await other.open("main")).toMatchObject({ wasClosed: true, next: 2 });
      });
    });

    const replaced = "owners that are replaced";
    const skip = skips.find(({ group }) => group === replaced);
    describe.skipIf(skip !== undefined)(skip === undefined ? replaced : `${replaced}: not here, as ${skip.reason}`, () => {
      async function usurp(journalName: string): Promise<void> {
        if (place.usurp === undefined) throw new Error("a store whose owners cannot be replaced says so in its skips");
        await place.usurp(journalName);
      }

      test("an owner that was replaced is refused and writes nothing", async () => {
        const journal = await (await connect()).open("main");
        await journal.commit(commitOf(1, { a: "there" }));
        await usurp("main");
        expect(await codeOf(journal.commit(commitOf(2, { a: "late", b: "late" }, { cutBefore: 2 })))).toBe("DF_FENCED");
        expect(await codeOf(journal.commit(commitOf(2)))).toBe("DF_FENCED"); // for ever
        const again = await reopen();
        expect(again).toMatchObject({ first: 1, next: 2 });
        expect(again.fence).toBeGreaterThan(journal.fence + 1); // the usurper had one of its own
        expect(await all(again.records(1))).toEqual([[1, "record 1"]]);
        expect(await allRuns(again, 10)).toEqual([["a", "there"]]);
      });

      test("a commit that is sent again is refused too when its owner was replaced", async () => {
        const journal = await (await connect()).open("main");
        await journal.commit(commitOf(1));
        await usurp("main");
        expect(await codeOf(journal.commit(commitOf(1)))).toBe("DF_FENCED");
      });

      test("an owner that was replaced does not end its follower's ownership when it closes", async () => {
        const journal = await (await connect()).open("main");
        await journal.commit(commitOf(1));
        await usurp("main");
        await journal.close();
        expect((await reopen()).wasClosed).toBe(false); // the usurper has died
      });

      test("the next owner learns that the one before did not give the journal back", async () => {
        const journal = await (await connect()).open("main");
        expect(journal.wasClosed).toBe(true);
        await usurp("main");
        expect((await reopen()).wasClosed).toBe(false);
        expect((await reopen()).wasClosed).toBe(true);
      });
    });

    test("does as a plain model does, whatever comes after what", { timeout: 120_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(commands, async (chosen) => {
          const own = await makePlace();
          const real = new Real(own);
          try {
            await real.reopen();
            await fc.asyncModelRun(() => ({ model: newModel(), real }), chosen);
          } finally {
            await real.close();
            await own.remove();
          }
        }),
        { numRuns: modelRuns, interruptAfterTimeLimit: 60_000 },
      );
    });
  });
}

/** What a journal should be: a list of records, and a map of runs. */
interface Model {
  records: Map<number, string>;
  next: number;
  first: number;
  runs: Map<string, { entry: string; end: string | undefined }>;
  fence: number;
}

const newModel = (): Model => ({ records: new Map(), next: 1, first: 1, runs: new Map(), fence: 0 });

class Real {
  readonly #place: StorePlace;
  #store: Store | undefined;
  #journal: Journal | undefined;

  constructor(place: StorePlace) {
    this.#place = place;
  }

  get journal(): Journal {
    if (this.#journal === undefined) throw new Error("the journal is open");
    return this.#journal;
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error("the store is open");
    return this.#store;
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  async reopen(): Promise<void> {
    await this.close();
    this.#store = await this.#place.connect();
    this.#journal = await this.#store.open("main");
  }
}

type Command = fc.AsyncCommand<Model, Real>;

const command = (name: string, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run,
  toString: () => name,
});

interface ModelWrite {
  readonly id: string;
  readonly entry: string | undefined;
  readonly end: string | undefined;
}

function commitCommand({
  length,
  writes,
  cut,
  resend,
}: {
  length: number;
  writes: ModelWrite[];
  cut: number | undefined;
  resend: boolean;
}): Command {
  return command(`commit(${length} bytes, ${JSON.stringify(writes)}, cut ${cut}${resend ? ", twice" : ""})`, async (model, real) => {
    const position = model.next;
    const record = `${position}:${"x".repeat(length)}`;
    const cutBefore = cut === undefined ? undefined : Math.max(0, position - cut);
    const runs = writes.map(({ id, entry, end }) => ({
      id,
      entry: entry === undefined ? undefined : bytes(entry),
      end: end === undefined ? undefined : bytes(end),
    }));
    await real.journal.commit({ position, record: bytes(record), runs, cutBefore });
    model.next = position + 1;
    model.records.set(position, record);
    model.first = Math.max(model.first, cutBefore ?? 0);
    for (const cutPosition of [...model.records.keys()].filter((each) => each < model.first)) model.records.delete(cutPosition);
    for (const { id, entry, end } of writes) {
      if (entry === undefined) model.runs.delete(id);
      else model.runs.set(id, { entry, end: end ?? model.runs.get(id)?.end });
    }
    if (resend) await real.journal.commit({ position, record: bytes("again"), runs: [{ id: "again", entry: bytes("again") }] });
  });
}

const wrongCommand = (distance: number): Command =>
  command(`commit at next + ${distance}`, async (model, real) => {
    const wrong = { ...commitOf(model.next + distance, { wrong: "there" }), cutBefore: undefined };
    expect(await codeOf(real.journal.commit(wrong))).toBe("DF_INTERNAL");
  });

const readCommand = (id: string): Command =>
  command(`read ${id}`, async (model, real) => {
    for (const view of [real.journal, await real.store.view("main")]) {
      expect(text(await view?.run(id))).toBe(model.runs.get(id)?.entry);
      expect(text(await view?.end(id))).toBe(model.runs.get(id)?.end);
    }
  });

const listCommand = (after: string | undefined, limit: number): Command =>
  command(`runs(${after}, ${limit})`, async (model, real) => {
    const wanted = [...model.runs]
      .map(([id, { entry }]): [string, string] => [id, entry])
      .filter(([id]) => after === undefined || id > after)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit);
    expect((await real.journal.runs(after, limit)).map(({ id, entry }) => [id, text(entry)])).toEqual(wanted);
  });

const recordsCommand = (distance: number): Command =>
  command(`records from first + ${distance}`, async (model, real) => {
    const from = Math.min(model.first + distance, model.next);
    const wanted = [...model.records].filter(([position]) => position >= from);
    expect(await all(real.journal.records(from))).toEqual(wanted);
  });

const lostCommand = command("records from before the first", async (model, real) => {
  if (model.first > 1) expect(await codeOf(all(real.journal.records(model.first - 1)))).toBe("DF_CHECKPOINT_LOST");
});

const reopenCommand = command("reopen", async (model, real) => {
  const { fence } = real.journal;
  await real.reopen();
  expect(real.journal).toMatchObject({ first: model.first, next: model.next, wasClosed: true });
  expect(real.journal.fence).toBeGreaterThan(fence);
  expect(await all(real.journal.records(model.first))).toEqual([...model.records]);
});

const id = fc.constantFrom("a", "a-", "aa", "b", "B", "0", "__proto__", "z".repeat(idLengthMax));
const value = fc.oneof(
  fc.constant(""),
  fc.string({ unit: "grapheme-ascii", maxLength: 20 }),
  fc.nat(20_000).map((length) => "v".repeat(length)),
);
const modelWrite = fc.record({
  id,
  entry: fc.option(value, { nil: undefined, freq: 4 }),
  end: fc.option(value, { nil: undefined, freq: 1 }),
});
const commitStep = fc
  .record({
    length: fc.oneof(fc.nat(50), fc.nat(30_000)),
    writes: fc.array(modelWrite, { maxLength: 6 }),
    cut: fc.option(fc.nat(6), { nil: undefined, freq: 1 }),
    resend: fc.boolean(),
  })
  .map(commitCommand);

const commands = fc.commands(
  [
    commitStep,
    commitStep,
    commitStep,
    fc.constantFrom(-7, -2, 1, 2, 100).map(wrongCommand),
    id.map(readCommand),
    fc.tuple(fc.option(id, { nil: undefined }), fc.integer({ min: 1, max: 9 })).map(([after, limit]) => listCommand(after, limit)),
    fc.nat(5).map(recordsCommand),
    fc.constant(lostCommand),
    fc.constant(reopenCommand),
  ],
  { maxCommands: 40, size: "max" },
);
