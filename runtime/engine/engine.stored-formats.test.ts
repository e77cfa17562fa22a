/** What versions of dataflower have stored is gone on with by those after them, and what a later one has stored is left alone (T32). */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { DataFlower, type Engine, type Workflow } from "dataflower";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { recordVersion } from "../codec/journal-record.js";
import { runFrameVersion } from "../codec/run-frame.js";
import { durableStoreNames, missingFor, type OpenStore, openDurableStore } from "./fixtures/durable-stores.fixture.js";
import { ModuleFolder } from "./fixtures/module-folder.fixture.js";
import { failure, outcome } from "./fixtures/outcome.fixture.js";
import { type RawValue, readRaw, writeRaw } from "./fixtures/raw-store.fixture.js";
import { formatModule, formatRuns, keepFormat, keptFormat } from "./fixtures/stored-formats.fixture.js";

const versions = [1];
const newest = Math.max(...versions);
const keptVersion = process.env.DF_KEEP_FORMAT;

describe.each(durableStoreNames)("on %s", (name) => {
  const missing = missingFor(name);
  if (missing !== undefined) {
    console.warn(`SKIPPED stored formats on ${name}: ${missing}`);
    test.skipIf(process.env.CI !== "true")(`${name} is there`, () => expect(missing).toBe(undefined));
    return;
  }

  let modules: ModuleFolder;
  let kept: Workflow<never, unknown>;
  let store: OpenStore;
  let folder: string;
  beforeEach(async () => {
    modules = new ModuleFolder();
    ({ kept } = await modules.load<"kept">("kept.js", formatModule));
    folder = mkdtempSync(join(tmpdir(), "formats-"));
    vi.stubEnv("DF_TEST_LEDGER", join(folder, "ledger"));
    vi.stubEnv("DF_TEST_GATE", join(folder, "gate"));
    store = await openDurableStore(name);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await store.remove();
    modules.remove();
    rmSync(folder, { recursive: true });
  });

  const openGate = () => writeFileSync(join(folder, "gate"), "");
  const starts = (): string[] => {
    const file = join(folder, "ledger");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  };
  const start = (): Promise<Engine> =>
    DataFlower.start({ workers: 1, workflows: [kept], store: store.orders.store, durability: store.orders.durability });

  /** Has the runs left in the store as they are to be kept. */
  async function leaveRuns(): Promise<void> {
    const engine = await start();
    const submit = ({ id, x }: (typeof formatRuns)[number]) => engine.submit(kept, { x } as never, { runId: id });
    openGate();
    for (const run of formatRuns.filter(({ isLeft }) => !isLeft)) await outcome(async () => (await submit(run)).result());
    rmSync(join(folder, "gate"));
    for (const run of formatRuns.filter(({ isLeft }) => isLeft)) {
      await submit(run);
      await vi.waitUntil(() => starts().includes(`${run.id} waits 1`), 10_000);
    }
    await engine.close({ grace: 0 });
  }

  /** All runs end as they must, and those that were left have nothing done again that they had done. */
  async function expectResumed(): Promise<void> {
    openGate();
    rmSync(join(folder, "ledger"), { force: true });
    const engine = await start();
    try {
      for (const { id, end } of formatRuns) {
        const ended = "value" in end ? { completed: end.value } : end;
        expect(await failure(async () => (await engine.get(kept, id))?.result()), id).toEqual(ended);
      }
      const left = formatRuns.filter(({ isLeft }) => isLeft).flatMap(({ id }) => [`${id} waits 1`, `${id} last 1`]);
      expect(starts()).toEqual(left);
    } finally {
      await engine.close();
    }
  }

  if (keptVersion !== undefined)
    test("what the present version stores is kept", async () => {
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 0; // no places of this machine in what is kept
      await leaveRuns();
      Error.stackTraceLimit = stackTraceLimit;
      keepFormat(Number(keptVersion), name, await readRaw(store.orders.store));
    });

  test("what the present version has stored is gone on with", async () => {
    await leaveRuns();
    await expectResumed();
  });

  test.each(versions)("what version %i has stored is gone on with", async (version) => {
    await writeRaw(store.orders.store, keptFormat(version, name));
    await expectResumed();
  });

  const isHead = ({ key, field }: RawValue): boolean => (field === undefined ? /^[fh]/.test(key) : key.endsWith(":meta"));
  const isOf = (letter: string, part: string) => (value: RawValue) =>
    value.field === undefined ? value.key.startsWith(letter) : value.key.endsWith(part);

  test.each([
    ["layout", (value: RawValue) => value.key === "f" || value.field === "version", () => Buffer.from("2")],
    ["record", isOf("l", ":log"), laterRecord],
    ["run's entry", isOf("r", ":runs"), laterEntry],
  ])("a %s of a later version is left as it is", async (_, isMeant, later) => {
    const values = keptFormat(newest, name);
    const at = values.findLastIndex(isMeant);
    const ofLater = values.map((one, index) => (index === at ? { ...one, value: later(one) } : one));
    await writeRaw(store.orders.store, ofLater);
    expect(await failure(start)).toMatchObject({ code: "DF_CHECKPOINT_VERSION" });
    // That somebody has opened a journal is noted at its head, where the head itself is of a version that is known.
    const untouched = (all: readonly RawValue[]) => (isHead(ofLater[at] as RawValue) ? all : all.filter((value) => !isHead(value)));
    expect(untouched(await readRaw(store.orders.store))).toEqual(untouched(ofLater));
    expect(starts()).toEqual([]);
  });
});

/** The same of the next version, with the sum that is right for it. */
function laterRecord({ value }: RawValue): Buffer {
  const later = Buffer.from(value);
  later.writeUInt16LE(recordVersion + 1, 4);
  later.writeUInt32LE(crc32(later.subarray(16), crc32(later.subarray(4, 12))), 12);
  return later;
}

function laterEntry({ key, field, value }: RawValue): Buffer {
  const later = Buffer.from(value);
  later.writeUInt16LE(runFrameVersion + 1, 4);
  const id = field ?? key.slice(key.indexOf("\0") + 1);
  later.writeUInt32LE(crc32(later.subarray(16), crc32(later.subarray(4, 12), crc32(id))), 12);
  return later;
}
