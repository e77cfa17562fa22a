import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtUrl } from "./fixtures/built.fixture.js";
import type { FrameFaultsReport } from "./fixtures/frame-faults-program.fixture.js";
import { runProgram } from "./fixtures/program.fixture.js";

/** More for a long look: DF_FAULT_PASSES=20. */
const passesMax = Number(process.env.DF_FAULT_PASSES ?? 2);
/** A program that takes longer hangs, in ms. */
const programMsMax = 25_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "frames-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Planted {
  readonly workers: number;
  /** What is executed until the faults have happened. */
  readonly name: string;
  readonly faults: readonly string[];
  /** Folder for proofs; "": the faults keep happening. */
  readonly proofs: string;
}

async function report({ workers, name, faults, proofs }: Planted): Promise<FrameFaultsReport> {
  const program = new URL(builtUrl("runtime/engine/fixtures/frame-faults-program.fixture")).pathname;
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: "test", DF_FAILPOINTS: faults.join(";"), DF_FAILPOINTS_DIR: proofs };
  if (proofs === "") delete env.DF_FAILPOINTS_DIR;
  const { status, stdout, stderr } = await runProgram([program, String(workers), name, String(faults.length), proofs], {
    env,
    msMax: programMsMax,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as FrameFaultsReport;
}

/** Which runs send which kinds of frames. */
const cases = [
  { name: "layers", points: ["report.sent", "result.sent"] }, // a guest ends the run; its result
  { name: "flaky by port", points: ["report.sent"] }, // a guest's attempt has failed
  { name: "nested", points: ["report.sent"] }, // a guest has come to what only the home can do
  { name: "large", points: ["result.sent"] }, // a result that goes by port
  { name: "doomed", points: ["command.sent"] }, // give up
  { name: "cancelled", points: ["command.sent", "result.sent"] }, // let go; has let go
];
const passes = Array.from({ length: passesMax }, (_, index) => index + 1);

describe.each(["drop", "double"])("a frame on its way: %s", (action) => {
  test.each(cases.flatMap((one) => passes.map((pass) => ({ ...one, pass }))))(
    "$name, $points, pass $pass: every run ends as if nothing had happened",
    async ({ name, points, pass }) => {
      const proofs = mkdtempSync(join(folder, "proofs-"));
      const faults = points.map((point) => `${point}=${action}@${pass}`);
      const { right, recoveries, ...found } = await report({ workers: 2, name, faults, proofs });
      expect(readdirSync(proofs).sort()).toEqual([...points].sort()); // they have happened
      expect(found).toEqual({ codes: [], wrong: [], before: found.before, after: found.before });
      expect(right).toBeGreaterThan(0);
      expect(recoveries).toBeGreaterThanOrEqual(1);
      expect(recoveries).toBeLessThanOrEqual(points.length);
    },
  );

  test.each([
    { workers: 2, name: "flaky", point: "report.sent" },
    { workers: 2, name: "layers", point: "result.sent" },
    { workers: 2, name: "cancelled", point: "command.sent" },
    { workers: 0, name: "layers", point: "result.sent" },
    { workers: 0, name: "cancelled", point: "command.sent" },
  ])("$name, $point, $workers workers, again and again: all runs end, none with another value", async ({ name, point, workers }) => {
    const { wrong, codes } = await report({ workers, name, faults: [`${point}=${action}`], proofs: "" });
    expect(wrong).toEqual([]);
    for (const code of codes) expect(code).toMatch(/^DF_(RING_CORRUPT|POOL_UNHEALTHY)$/);
  });
});
