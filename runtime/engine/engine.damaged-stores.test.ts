/**
 * What a store holds is damaged (T31): each run ends as it would have, or the error says whose run or which part of the store is
 * damaged; never is a result another one. DF_FAULT_WHOLE=1 flips 2,000 bits in each store.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFlower, type Engine, type Workflow } from "dataflower";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { durableStoreNames, missingFor, type OpenStore, openDurableStore } from "./fixtures/durable-stores.fixture.js";
import { ModuleFolder } from "./fixtures/module-folder.fixture.js";
import { outcome } from "./fixtures/outcome.fixture.js";
import { type RawValue, readRaw, writeRaw } from "./fixtures/raw-store.fixture.js";
import { seeded } from "./fixtures/seeded.fixture.js";

const isWhole = process.env.DF_FAULT_WHOLE === "1";
const seed = Number(process.env.DF_FAULT_SEED ?? 1);
const flips = isWhole ? 2000 : 300;
const others = isWhole ? 800 : 120;

/** Chains; the third task of each waits for a gate. */
const text = `import { appendFileSync, existsSync } from "node:fs";
import { workflow } from "./dataflower.js";
async function step({ folder, x }, { runId, taskId, signal }) {
  appendFileSync(folder + "/started", runId + " " + taskId + "\\n");
  while (taskId === "three" && !existsSync(folder + "/gate")) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (x > 1000) throw new Error("too many");
  return x + 1;
}
const chain = (name) => workflow({ name, module: import.meta.url, defaults: { retry: 1 } }, (flow, { folder, x }) => {
  const one = flow.task(step, { folder, x }, { name: "one" });
  const two = flow.task(step, { folder, x: one }, { name: "two" });
  const three = flow.task(step, { folder, x: two }, { name: "three" });
  return flow.task(step, { folder, x: three }, { name: "four" });
});
export const first = chain("first");
export const second = chain("second");
`;

type Flows = Record<"first" | "second", Workflow<never, unknown>>;

/** Runs, with what they are given and how they end. */
const runs = [
  { id: "ended", flow: "first", x: 1, isLeft: false, end: { value: 5 } },
  { id: "failed", flow: "first", x: 2000, isLeft: false, end: { code: "DF_TASK_FAILED" } },
  { id: "left", flow: "first", x: 10, isLeft: true, end: { value: 14 } },
  { id: "left-too", flow: "second", x: 20, isLeft: true, end: { value: 24 } },
  { id: "left-late", flow: "second", x: 30, isLeft: true, end: { value: 34 } },
] as const;

/** What an engine may say of a store that is damaged. */
const ofDamage = ["DF_CHECKPOINT_CORRUPT", "DF_CHECKPOINT_LOST", "DF_CHECKPOINT_VERSION"];

/** What a damage made of the store: `refused` as a whole, or the codes that runs ended with, none where all was as ever. */
type Effect = { readonly refused: unknown } | { readonly runs: readonly unknown[] };

describe.each(durableStoreNames)("on %s", (name) => {
  const missing = missingFor(name);
  if (missing !== undefined) {
    console.warn(`SKIPPED damaged stores on ${name}: ${missing}`);
    test.skipIf(process.env.CI !== "true")(`${name} is there`, () => expect(missing).toBe(undefined));
    return;
  }

  let modules: ModuleFolder;
  let flows: Flows;
  let store: OpenStore;
  let folder: string;
  let whole: readonly RawValue[];

  const started = (): string[] => readFileSync(join(folder, "started"), "utf8").trim().split("\n");
  const openGate = () => writeFileSync(join(folder, "gate"), "");
  const start = (): Promise<Engine> =>
    DataFlower.start({
      ...{ workers: 0, workflows: Object.values(flows), store: store.orders.store, durability: store.orders.durability },
      limits: { storeWaitMax: 2_000, outputBytesMax: "1MiB", arenaBytesMax: "1MiB" },
    });

  beforeAll(async () => {
    modules = new ModuleFolder();
    flows = await modules.load<"first" | "second">("flows.js", text);
    folder = mkdtempSync(join(tmpdir(), "damaged-"));
    store = await openDurableStore(name);
    silence();
    let engine = await start();
    openGate();
    const submit = ({ flow, id, x }: (typeof runs)[number]) => engine.submit(flows[flow], { folder, x } as never, { runId: id });
    for (const run of runs.filter(({ isLeft }) => !isLeft)) await outcome(async () => (await submit(run)).result());
    rmSync(join(folder, "gate"));
    for (const run of runs.filter(({ isLeft }) => isLeft)) {
      await submit(run);
      await vi.waitUntil(() => started().includes(`${run.id} three`), 10_000);
      await engine.close({ grace: 0 });
      engine = await start();
    }
    await engine.close({ grace: 0 });
    whole = await readRaw(store.orders.store);
    openGate();
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await store?.remove();
    modules?.remove();
    if (folder !== undefined && existsSync(folder)) rmSync(folder, { recursive: true });
  });
  beforeEach(silence);
  afterEach(() => vi.restoreAllMocks());

  /** Damages the store, and looks for each run. */
  async function effectOf(damaged: readonly RawValue[], what: string): Promise<Effect> {
    await writeRaw(store.orders.store, damaged);
    const begun = await outcome(start);
    if ("error" in begun) {
      const { code, message } = begun.error as { code?: unknown; message?: unknown };
      expect(ofDamage, `${what}: ${String(code)} ${String(message)}`).toContain(code);
      expect(message, what).toMatch(/journal|store|run /);
      return { refused: code };
    }
    const engine = begun.value as Engine;
    try {
      const codes: unknown[] = [];
      for (const run of runs) {
        if (isUnnoticed(damaged, run)) continue;
        const found = await outcome(async () => {
          const record = await engine.get(flows[run.flow], run.id);
          return record === undefined ? { isMissing: true } : { value: await record.result() };
        });
        const { code, runId } = "error" in found ? (found.error as { code?: unknown; runId?: unknown }) : {};
        if (code !== undefined && ofDamage.includes(String(code))) {
          expect(runId, what).toBe(run.id);
          codes.push(code);
        } else expect("error" in found ? { code } : found.value, `${what}: run ${run.id}`).toEqual(run.end);
      }
      return { runs: codes };
    } finally {
      await engine.close({ grace: 0 });
    }
  }

  test("nothing is damaged", async () => {
    expect(await effectOf(whole, "nothing")).toEqual({ runs: [] });
    expect(started().filter((line) => /^left\S* (one|two)$/.test(line))).toHaveLength(6);
  });

  test(`${flips} bits that have flipped, seed ${seed}`, { timeout: 60_000 + flips * 1_000 }, async () => {
    const random = seeded(seed);
    const counts = new Map<string, number>();
    for (let flip = 0; flip < flips; flip++) {
      const { at, value } = pick(whole, random);
      const bit = Math.floor(random() * value.length * 8);
      const flipped = Buffer.from(value);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      const effect = await effectOf(replaced(whole, at, flipped), `bit ${bit} of ${placeOf(whole, at)}`);
      count(counts, effect);
    }
    expect(counts.get("noticed")).toBeGreaterThan(flips / 2);
  });

  test(`${others} values that are cut off, empty, full of zeros, exchanged or gone, seed ${seed}`, {
    timeout: 60_000 + others * 1_000,
  }, async () => {
    const random = seeded(seed + 1);
    const counts = new Map<string, number>();
    for (let trial = 0; trial < others; trial++) {
      const { what, damaged } = damage(whole, trial, random);
      count(counts, await effectOf(damaged, what));
    }
    expect(counts.get("noticed")).toBeGreaterThan(others / 2);
  });
});

/**
 * LMDB keeps no count of entries: of a run that has ended and whose entry is gone altogether nothing is known, as if it had been forgotten.
 * What its pages hold is in LMDB's own care; none of them holds a key by itself.
 */
function isUnnoticed(damaged: readonly RawValue[], { id, isLeft }: (typeof runs)[number]): boolean {
  const isLmdb = damaged.every(({ field }) => field === undefined);
  return isLmdb && !isLeft && damaged.every(({ key }) => key !== `rmain\0${id}`);
}

function silence(): void {
  vi.spyOn(process.stderr, "write").mockReturnValue(true); // runs that are lost are told of there
}

/** One of the values that have bytes. */
function pick(all: readonly RawValue[], random: () => number): { readonly at: number; readonly value: Buffer } {
  for (;;) {
    const at = Math.floor(random() * all.length);
    const { value } = all[at] as RawValue;
    if (value.length > 0) return { at, value };
  }
}

function damage(all: readonly RawValue[], trial: number, random: () => number): { readonly what: string; readonly damaged: RawValue[] } {
  const { at, value } = pick(all, random);
  const place = placeOf(all, at);
  switch (trial % 4) {
    case 0: {
      const length = Math.floor(random() * value.length);
      return { what: `${place} cut after ${length} bytes`, damaged: replaced(all, at, value.subarray(0, length)) };
    }
    case 1:
      return { what: `zeros in ${place}`, damaged: replaced(all, at, Buffer.alloc(value.length)) };
    case 2: {
      const like = all.flatMap((other, index) => (index !== at && kindOf(other) === kindOf(all[at] as RawValue) ? [index] : []));
      const other = like[Math.floor(random() * like.length)] ?? at;
      const exchanged = replaced(replaced(all, at, (all[other] as RawValue).value), other, value);
      return { what: `${place} exchanged with ${placeOf(all, other)}`, damaged: exchanged };
    }
    default:
      return { what: `${place} gone`, damaged: all.filter((_, index) => index !== at) };
  }
}

/** Values of one kind stand for the same, of different runs or commits. */
const kindOf = ({ key, field }: RawValue): string => (field === undefined ? key.slice(0, 1) : key);

function replaced(all: readonly RawValue[], at: number, value: Buffer): RawValue[] {
  return all.map((one, index) => (index === at ? { ...one, value } : one));
}

function placeOf(all: readonly RawValue[], at: number): string {
  const { key, field = "" } = all[at] as RawValue;
  return JSON.stringify(`${key} ${field}`);
}

function count(counts: Map<string, number>, effect: Effect): void {
  const isNoticed = "refused" in effect || effect.runs.length > 0;
  const what = isNoticed ? "noticed" : "unaffected";
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
