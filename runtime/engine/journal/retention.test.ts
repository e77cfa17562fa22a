import fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryStore } from "../../stores/memory-store.js";
import { Retention, type RetentionLimits } from "./retention.js";
import { encodeEntry, type RunEntry } from "./stored-run.js";

interface Ended {
  readonly id: string;
  readonly endedAt: number;
  readonly bytes: number;
}

const limitless: RetentionLimits = { endedRunsMax: 1e9, endedAgeMsMax: 1e9, endedBytesMax: 1e9 };
const limits: fc.Arbitrary<RetentionLimits> = fc.record({
  endedRunsMax: fc.oneof(fc.nat(8), fc.constant(1e9)),
  endedAgeMsMax: fc.oneof(fc.nat(200), fc.constant(1e9)),
  endedBytesMax: fc.oneof(fc.nat(300), fc.constant(1e9)),
});
/** Runs, by the time since the end of the one before, and their bytes. */
const ends = fc.array(fc.record({ afterMs: fc.nat(60), bytes: fc.nat(100) }), { maxLength: 40 }).map((all) => {
  const found: Ended[] = [];
  for (const { afterMs, bytes } of all) {
    found.push({ id: `r${found.length}`, endedAt: (found.at(-1)?.endedAt ?? 1000) + afterMs, bytes });
  }
  return found;
});

/** The newest runs that are within all limits, as of now. */
function keptOf(all: readonly Ended[], { endedRunsMax, endedAgeMsMax, endedBytesMax }: RetentionLimits): Ended[] {
  const now = all.at(-1)?.endedAt ?? 0;
  let bytes = 0;
  const kept: Ended[] = [];
  for (const run of [...all].reverse()) {
    bytes += run.bytes;
    if (kept.length === endedRunsMax || bytes > endedBytesMax || now - run.endedAt > endedAgeMsMax) break;
    kept.unshift(run);
  }
  return kept;
}

const idsOf = (runs: readonly { readonly id: string }[]): string[] => runs.map(({ id }) => id);

test("the newest runs within all limits are kept, and each other one is forgotten once", () => {
  fc.assert(
    fc.property(limits, ends, (limited, all) => {
      const retention = new Retention(limited);
      let kept: string[] = [];
      for (let count = 1; count <= all.length; count++) {
        const run = all[count - 1] as Ended;
        const forgotten = retention.ended(run);
        expect(forgotten).toEqual([...kept, run.id].slice(0, forgotten.length));
        kept = [...kept, run.id].slice(forgotten.length);
        expect(kept).toEqual(idsOf(keptOf(all.slice(0, count), limited)));
      }
    }),
    { numRuns: 500 },
  );
});

test("what a store knows counts as if it had ended here, in the order of the ends; runs that have not ended do not count", async () => {
  await fc.assert(
    fc.asyncProperty(limits, ends, fc.nat(), fc.nat(5), async (limited, all, cut, unfinished) => {
      const stored = all.slice(0, cut % (all.length + 1));
      const rest = all.slice(stored.length);
      const journal = await new MemoryStore().open("j");
      const entryOf = (status: RunEntry["status"], { id, endedAt, bytes }: Ended): Uint8Array =>
        encodeEntry(id, { workflow: "w", status, submittedAt: 0, endedAt, inputHash: "", bytes });
      const runs = stored.map((run, index) => ({
        id: run.id,
        entry: entryOf(index % 2 === 0 ? "completed" : "failed", run),
        end: new Uint8Array(),
      }));
      const accepted = Array.from({ length: unfinished }, (_, index) => ({
        ...{ id: `a${index}`, entry: entryOf("accepted", { id: `a${index}`, endedAt: Number.NaN, bytes: 1000 }) },
      }));
      await journal.commit({ position: 1, record: new Uint8Array(), runs: [...runs, ...accepted] });
      const retention = new Retention(limited);
      expect([...(await retention.load(journal))]).toEqual(idsOf(accepted));
      const forgotten = rest.flatMap((run) => retention.ended(run));
      if (rest.length === 0) return;
      const times = new Map(all.map(({ id, endedAt }) => [id, endedAt]));
      const left = idsOf(all).filter((id) => !forgotten.includes(id));
      expect(left.length).toBe(keptOf(all, limited).length);
      expect(left.map((id) => times.get(id))).toEqual(keptOf(all, limited).map(({ endedAt }) => endedAt)); // runs of one moment in any order
    }),
    { numRuns: 200 },
  );
});

test("more runs are taken in than a page of the store holds", async () => {
  const count = 2500;
  const journal = await new MemoryStore().open("j");
  const entry = (id: string, endedAt: number): Uint8Array =>
    encodeEntry(id, { workflow: "w", status: "completed", submittedAt: 0, endedAt, inputHash: "", bytes: 1 });
  const runs = Array.from({ length: count }, (_, index) => ({ id: `r${index}`, entry: entry(`r${index}`, count - index) }));
  await journal.commit({ position: 1, record: new Uint8Array(), runs });
  const retention = new Retention({ ...limitless, endedRunsMax: 2 });
  await retention.load(journal);
  const forgotten = retention.ended({ id: "last", endedAt: count + 1, bytes: 1 });
  expect(forgotten).toEqual(
    runs
      .map(({ id }) => id)
      .reverse()
      .slice(0, -1),
  ); // the oldest first
});

test("a run that is too large by itself is forgotten with all before it", () => {
  const retention = new Retention({ ...limitless, endedBytesMax: 10 });
  expect(retention.ended({ id: "small", endedAt: 1, bytes: 10 })).toEqual([]);
  expect(retention.ended({ id: "large", endedAt: 2, bytes: 11 })).toEqual(["small", "large"]);
  expect(retention.ended({ id: "next", endedAt: 3, bytes: 10 })).toEqual([]);
});
