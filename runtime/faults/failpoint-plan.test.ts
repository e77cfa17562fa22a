import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { failpointNames, framePointNames, readFailpointPlan } from "./failpoint-plan.js";

describe("readFailpointPlan()", () => {
  test("reads names, actions and passes", () => {
    const plan = readFailpointPlan(
      " run.acked=kill9 ; ring.claimed=delay:250@3;worker.taken=terminate-self;;run.final=throw@1;retry.scheduled=hang;",
    );
    expect([...plan.points]).toEqual([
      ["run.acked", { action: { kind: "kill9" }, pass: undefined }],
      ["ring.claimed", { action: { kind: "delay", delayMs: 250 }, pass: 3 }],
      ["worker.taken", { action: { kind: "terminate-self" }, pass: undefined }],
      ["run.final", { action: { kind: "throw" }, pass: 1 }],
      ["retry.scheduled", { action: { kind: "hang" }, pass: undefined }],
    ]);
    expect(plan.framePoints.size).toBe(0);
    expect(readFailpointPlan("").points.size).toBe(0);
  });

  test("reads what is planted for frames apart", () => {
    const plan = readFailpointPlan("report.sent=drop;run.final=throw;command.sent=double@7");
    expect([...plan.framePoints]).toEqual([
      ["report.sent", { action: { kind: "drop" }, pass: undefined }],
      ["command.sent", { action: { kind: "double" }, pass: 7 }],
    ]);
    expect([...plan.points.keys()]).toEqual(["run.final"]);
  });

  test("knows every name once", () => {
    const entries = [...failpointNames.map((name) => `${name}=throw`), ...framePointNames.map((name) => `${name}=drop`)];
    const plan = readFailpointPlan(entries.join(";"));
    expect([...plan.points.keys()]).toEqual([...failpointNames]);
    expect([...plan.framePoints.keys()]).toEqual([...framePointNames]);
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
    ["run.acked=drop", "kill9"],
    ["result.sent=kill9", "drop or double"],
    ["result.sent=drop@0", "pass"],
    ["result.sent=drop;result.sent=double", "one action for each name"],
  ])("refuses %s", (text, rule) => {
    const read = () => readFailpointPlan(text);
    expect(read).toThrow(expect.objectContaining({ code: "DF_OPTION_INVALID", message: expect.stringContaining(rule) }));
  });
});

test("every point is passed somewhere in the sources", () => {
  const runtime = fileURLToPath(new URL("../", import.meta.url));
  const sources = readdirSync(runtime, { recursive: true, encoding: "utf8" }).filter((path) =>
    /^(?!faults\b)(?!.*\.test\.).*\.ts$/.test(path),
  );
  const code = sources.map((path) => readFileSync(`${runtime}${path}`, "utf8")).join("\n");
  expect(failpointNames.filter((name) => !code.includes(`failpoint("${name}")`))).toEqual([]);
});
