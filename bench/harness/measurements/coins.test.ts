import { DataFlowerError } from "dataflower";
import { expect, test } from "vitest";
import { type CoinsRun, coinName, fateOf } from "../../workloads/coins.js";
import { checkEnd } from "./coins.js";

const some: CoinsRun = { seed: 1, failureShare: 0.3, runId: "", tasks: 4, attempts: 2 };
const runs = Array.from({ length: 100 }, (_, index) => ({ ...some, runId: `run-${index}` }));
const completing = runs.find((run) => fateOf(run).kind === "completes" && Object.values(fateOf(run)).flat().includes(2)) as CoinsRun; // one of a hundred
const failing = runs.find((run) => fateOf(run).kind === "fails") as CoinsRun; // likewise

const fate = fateOf(completing);
const right = fate.kind === "completes" ? fate.succeededIn : [];
const fateOfFailing = fateOf(failing);
const losers = fateOfFailing.kind === "fails" ? fateOfFailing.tasks : [];
const loser = losers[0] as string; // a run that fails has one
const winner = Array.from({ length: some.tasks }, (_, index) => coinName(index)).find((task) => !losers.includes(task)) as string; // at 30 %

const failed = (task: string, attempts = 2, code: "DF_TASK_FAILED" | "DF_WORKER_LOST" = "DF_TASK_FAILED") =>
  new DataFlowerError(code, "failed", { task, attempts });

test("a run may end as its coins decide", () => {
  checkEnd(completing, right);
  checkEnd(failing, failed(loser));
});

test.each([
  ["completes though its coins say otherwise", failing, right],
  ["fails though its coins say otherwise", completing, failed(coinName(0))],
  ["needed fewer attempts than its coins say", completing, right.map(() => 1)],
  ["lacks an output", completing, right.slice(1)],
  ["gave up after another number of attempts", failing, failed(loser, 1)],
  ["failed by a task that succeeds", failing, failed(winner)],
  ["failed for another reason", failing, failed(loser, 2, "DF_WORKER_LOST")],
])("a run does not count that %s", (_, run, ended) => {
  expect(() => checkEnd(run, ended)).toThrow(`Cannot count run ${run.runId}`);
});
