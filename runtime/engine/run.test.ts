import { describe, expect, test } from "vitest";
import { cancelled, RunRecord } from "./run.js";

const facts = {
  ownId: undefined,
  idPrefix: "r1-",
  workflow: "w",
  workflowId: 1,
  order: 7,
  submittedAt: 100,
  priority: 0,
  deadline: Number.NaN,
  input: new Uint8Array(3),
  cancel: () => {},
  listTasks: async () => [],
};
const work = { startedAt: 110, endedAt: 150, tasks: [2, 1], workUs: [3000, 1500], bodyBytes: 20 };

describe("RunRecord", () => {
  test("is named by its order, unless it has an id of its own", () => {
    expect(new RunRecord(facts).id).toBe("r1-7");
    expect(new RunRecord({ ...facts, ownId: "mine" }).id).toBe("mine");
  });

  test("settles everybody who asks, before its end and after it", async () => {
    const run = new RunRecord(facts);
    const asked = [run.result(), run.result(), run.summary(), run.result()];
    expect([await run.status(), run.isEnded, run.value]).toEqual(["accepted", false, undefined]);
    run.end("completed", "output", 200, work);
    expect([await run.status(), run.isEnded, run.isCompleted, run.value]).toEqual(["completed", true, true, "output"]);
    const summary = {
      runId: "r1-7",
      workflow: "w",
      status: "completed",
      tasks: 3,
      tasksByWorker: [2, 1],
      workMs: 4.5,
      workMsByWorker: [3, 1.5],
      makespanMs: 40,
      waitMs: 10,
      missedDeadline: false,
    };
    expect(await Promise.all(asked)).toEqual(["output", "output", summary, "output"]);
    expect([await run.result(), await run.summary()]).toEqual(["output", summary]);
    expect(run.bytes).toBe(23);
  });

  test("that fails rejects for those who ask, each time, and for nobody else", async () => {
    const run = new RunRecord(facts);
    const before = run.result();
    const error = cancelled(run.id, "it had to be");
    run.end("failed", error, 200);
    await expect(before).rejects.toBe(error);
    await expect(run.result()).rejects.toBe(error);
    expect(error).toMatchObject({ code: "DF_CANCELLED", runId: "r1-7" });
    expect(await run.summary()).toMatchObject({ status: "failed", tasks: 0, workMs: 0, makespanMs: 0, waitMs: 0 });
  });

  test("that ends as of its submission, having no tasks, took no time", async () => {
    const run = new RunRecord(facts);
    run.end("completed", [], 200, { ...work, endedAt: facts.submittedAt });
    expect(await run.summary()).toMatchObject({ makespanMs: 0 });
  });

  test("ends once: what comes later is ignored", async () => {
    const run = new RunRecord(facts);
    let told = 0;
    for (let listener = 0; listener < 3; listener++) run.whenEnded(() => told++);
    run.end("completed", 1, 200, work);
    run.end("failed", new Error("too late"), 300);
    run.end("completed", 2, 300);
    expect([told, await run.result(), (await run.summary()).tasks]).toEqual([3, 1, 3]);
    run.whenEnded(() => told++);
    expect(told).toBe(4);
  });

  test.each([
    [Number.NaN, false],
    [200, false],
    [199, true],
  ])("with a deadline of %d, ended at 200, has missed it: %s", async (deadline, missedDeadline) => {
    const run = new RunRecord({ ...facts, deadline });
    run.end("completed", 1, 200, work);
    expect(await run.summary()).toMatchObject({ missedDeadline });
  });

  test("hands a wish to be cancelled on, with its reason", async () => {
    const asked: unknown[] = [];
    const run = new RunRecord({ ...facts, cancel: (record, reason) => asked.push(record.id, reason) });
    const asks = [run.cancel(), run.cancel("no longer wanted")];
    expect(asked).toEqual(["r1-7", "it was cancelled", "r1-7", "no longer wanted"]);
    expect(() => run.cancel(7 as never)).toThrow(expect.objectContaining({ code: "DF_OPTION_INVALID" }));
    let isAnswered = false;
    const answered = Promise.all(asks).then(() => {
      isAnswered = true;
    });
    await Promise.resolve();
    expect(isAnswered).toBe(false);
    run.end("cancelled", cancelled(run.id, "no longer wanted"), 200);
    await answered;
    expect([await run.status(), run.isCancelled, run.isCompleted]).toEqual(["cancelled", true, false]);
  });
});
