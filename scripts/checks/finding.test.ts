import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { plantedProject } from "./planted.fixture.js";

const check = fileURLToPath(new URL("../../dist/scripts/check-purity.js", import.meta.url));

describe("a check as a program", () => {
  test("ends with 0 where nothing is wrong", () => {
    expect(run({ "actors/clean.ts": "" })).toMatchObject({ status: 0, stdout: "purity: 1 files, 0 findings\n", stderr: "" });
  });

  test("ends with 1 and names the place of each finding", () => {
    const { status, stdout, stderr } = run({ "actors/planted.ts": "\nawait x;" });
    expect([status, stdout]).toEqual([1, "purity: 1 files, 1 findings\n"]);
    expect(stderr).toMatch(/^actors\/planted\.ts:2: pure-synchronous: found await;/);
  });

  test("ends with 1 where there was nothing to look at", () => {
    expect(run({ "README.md": "" }).status).toBe(1);
  });
});

function run(files: Record<string, string>): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [check], { cwd: plantedProject(files), encoding: "utf8" });
}
