import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveEngineOptions } from "../options.js";
import { JournalRecorder } from "./journal-recorder.js";
import { openRecorder } from "./open-recorder.js";
import { ProvisionalRecorder } from "./provisional-recorder.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dataflower-open-recorder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("nothing outlives the process where no store was named", async () => {
  expect(await openRecorder(resolveEngineOptions({ workflows: [] }))).toBeInstanceOf(ProvisionalRecorder);
  expect(await openRecorder(resolveEngineOptions({ workflows: [], store: "memory:" }))).toBeInstanceOf(ProvisionalRecorder);
});

test("a journal of a store has one owner, until that closes it; each has a fence of its own", async () => {
  const options = resolveEngineOptions({ workflows: [], store: `lmdb:${folder}`, durability: "process" });
  const first = await openRecorder(options);
  expect(first).toBeInstanceOf(JournalRecorder);
  await expect(openRecorder(options)).rejects.toMatchObject({ code: "DF_STORE_BUSY" });
  await first.close();
  const second = await openRecorder(options);
  expect(second.fenceBase).toBeGreaterThan(first.fenceBase);
  await second.close();
});
