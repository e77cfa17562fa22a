import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtUrl } from "./fixtures/built.fixture.js";
import type { KillsReport } from "./fixtures/kills-program.fixture.js";
import { runProgram } from "./fixtures/program.fixture.js";

/** More for a long look: DF_FAULT_KILLS=1000. */
const kills = Number(process.env.DF_FAULT_KILLS ?? 30);
/** Printed with the test's name: the same seed makes the same choices. */
const seed = Number(process.env.DF_FAULT_SEED ?? 1);
/** A thread boots, works and dies within this time, in ms. */
const msPerKill = 500;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kills-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function report(args: readonly string[], env: NodeJS.ProcessEnv, msMax: number): Promise<KillsReport> {
  const program = new URL(builtUrl("runtime/engine/fixtures/kills-program.fixture")).pathname;
  const { status, stdout, stderr } = await runProgram([program, ...args], { env, msMax });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as KillsReport;
}

/** Every run ended right, the history keeps every promise, and nothing is left in use. */
function expectNothingLost({ wrong, violations, before, after }: KillsReport): void {
  expect(wrong).toEqual([]);
  expect(violations).toEqual([]);
  expect(after).toEqual(before);
}

test(`threads killed at random moments take nothing with them: ${kills} kills, seed ${seed}`, {
  timeout: 30_000 + kills * msPerKill,
}, async () => {
  const found = await report([String(kills), String(seed), join(folder, "ledger")], process.env, 20_000 + kills * msPerKill);
  expectNothingLost(found);
  expect(found.kills).toBe(kills);
  expect(found.completed).toBeGreaterThan(kills);
});

describe("a thread that ends between two lines takes nothing with it", () => {
  const points = ["worker.taken", "successors.queued", "result.encoded", "ring.claimed", "ring.published"];
  const actions = points.flatMap((point) => ["terminate-self", "throw"].map((action) => ({ point, action })));
  // What is thrown behind a task's effect is thrown by the task.
  for (const { point, action } of [...actions, { point: "task.effect-done", action: "terminate-self" }]) {
    test(`${action} at ${point}`, async () => {
      const proofs = mkdtempSync(join(folder, "proofs-"));
      const env = { ...process.env, NODE_ENV: "test", DF_FAILPOINTS: `${point}=${action}@2`, DF_FAILPOINTS_DIR: proofs };
      expectNothingLost(await report(["0", "1", join(proofs, "ledger"), "150"], env, 20_000));
      expect(readdirSync(proofs)).toContain(point); // it has fired
    });
  }
});
