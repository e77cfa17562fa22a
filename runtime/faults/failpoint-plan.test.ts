import { describe, expect, test } from "vitest";
import { failpointNames, readFailpointPlan } from "./failpoint-plan.js";

describe("readFailpointPlan()", () => {
  test("reads names, actions and passes", () => {
    const plan = readFailpointPlan(
      " run.acked=kill9 ; ring.claimed=delay:250@3;worker.taken=terminate-self;;run.final=throw@1;retry.scheduled=hang;",
    );
    expect([...plan]).toEqual([
      ["run.acked", { action: { kind: "kill9" }, pass: undefined }],
      ["ring.claimed", { action: { kind: "delay", delayMs: 250 }, pass: 3 }],
      ["worker.taken", { action: { kind: "terminate-self" }, pass: undefined }],
      ["run.final", { action: { kind: "throw" }, pass: 1 }],
      ["retry.scheduled", { action: { kind: "hang" }, pass: undefined }],
    ]);
    expect(readFailpointPlan("").size).toBe(0);
  });

  test("knows every name once", () => {
    const plan = readFailpointPlan(failpointNames.map((name) => `${name}=throw`).join(";"));
    expect([...plan.keys()]).toEqual([...failpointNames]);
  });

  test.each([
    ["run.acked", "an action"],
    ["run.acked=", "kill9"],
    ["run.ackd=kill9", "a known name"],
    ["__proto__=kill9", "a known name"],
    ["run.acked=explode", "kill9"],
    ["run.acked=kill9=throw", "kill9"],
    ["run.acked=delay", "kill9"],
    ["run.acked=delay:", "kill9"],
    ["run.acked=delay:-1", "kill9"],
    ["run.acked=delay:60001", "60000"],
    ["run.acked=delay:Infinity", "kill9"],
    ["run.acked=kill9@", "pass"],
    ["run.acked=kill9@0", "pass"],
    ["run.acked=kill9@1@2", "pass"],
    ["run.acked=kill9@1.5", "pass"],
    ["run.acked=kill9;run.acked=throw", "one action for each name"],
    ["run.acked=kill9,run.final=throw", "kill9"],
  ])("refuses %s", (text, rule) => {
    const read = () => readFailpointPlan(text);
    expect(read).toThrow(expect.objectContaining({ code: "DF_OPTION_INVALID", message: expect.stringContaining(rule) }));
  });
});
