import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtUrl } from "../../engine/fixtures/built.fixture.js";

test("a folder's mark appears whole, whenever its writer dies", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mark-"));
  const code = `const { markUnflushed, unmarkUnflushed } = await import(${JSON.stringify(builtUrl("runtime/stores/lmdb/folder"))});
    for (let time = 0; time < 300; time++) { markUnflushed(${JSON.stringify(folder)}); unmarkUnflushed(${JSON.stringify(folder)}); }`;
  const writer = spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(writer, "exit");
  const seen = new Set<string>();
  while (writer.exitCode === null) {
    for (let look = 0; look < 2_000; look++) seen.add(markIn(folder));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await ended).toEqual([0, null]);
  seen.delete("none");
  expect([...seen]).toEqual([expect.stringMatching(/^.+\n$/)]);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

function markIn(folder: string): string {
  try {
    return readFileSync(join(folder, "unflushed"), "utf8");
  } catch {
    return "none";
  }
}
