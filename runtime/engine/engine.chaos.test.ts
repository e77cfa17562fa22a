import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFlower, type Engine } from "dataflower";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Chaos from "./fixtures/chaos.fixture.js";
import type { ChaosCase } from "./fixtures/chaos.fixture.js";
import { type AcceptedRun, type ObservedOutcome, violationsOf } from "./fixtures/history.fixture.js";
import { ledgerNowMs, readLedger } from "./fixtures/ledger.fixture.js";

const { chaosCases } = await built<typeof Chaos>("chaos");
const seeds = [1, 2, 3, 4, 5];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chaos-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Told {
  readonly accepted: AcceptedRun;
  readonly outcome: ObservedOutcome;
}

async function execute(engine: Engine, { workflow, tasks, expected }: ChaosCase, seed: number, ledger: string): Promise<Told> {
  const run = await engine.submit(workflow, { seed, ledger });
  const value = await run.result();
  expect(value, workflow.name).toEqual(expected(seed));
  return {
    accepted: { id: run.id, workflow: workflow.name, tasks, attemptsMax: 3 },
    outcome: { run: run.id, status: "completed", value, at: ledgerNowMs() },
  };
}

describe.each([1, 2])("nothing is broken: with %i workers", (workers) => {
  test("every workflow gives its answer, and the history keeps every promise", async () => {
    const ledger = join(folder, `${workers}.ledger`);
    const engine = await DataFlower.start({ workers, store: "memory:", workflows: chaosCases.map(({ workflow }) => workflow) });
    try {
      const told = await Promise.all(chaosCases.flatMap((one) => seeds.map((seed) => execute(engine, one, seed, ledger))));
      const lines = readLedger(ledger);
      expect(lines.length).toBe(2 * told.reduce((sum, { accepted }) => sum + accepted.tasks.length, 0));
      expect(
        violationsOf({ lines, accepted: told.map(({ accepted }) => accepted), outcomes: told.map(({ outcome }) => outcome), slackMs: 0 }),
      ).toEqual([]);
    } finally {
      await engine.close();
    }
  });
});
