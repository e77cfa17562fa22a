import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { plantedProject } from "./checks/planted.fixture.js";
import { filesBelow } from "./checks/source-files.js";

const finishBuild = fileURLToPath(new URL("../dist/scripts/finish-build.js", import.meta.url));
const outputsOf = (name: string) => [`dist/${name}.d.ts`, `dist/${name}.js`, `dist/${name}.js.map`];

test("outputs of removed sources go, all others stay, joined ones too, and programs may be started", () => {
  const joined = "dist/runtime/chunks/worker.js";
  const outputs = [...outputsOf("runtime/cli/main"), ...outputsOf("runtime/removed"), ...outputsOf("removed/index"), joined];
  const root = plantedProject({
    "package.json": JSON.stringify({ bin: { dataflower: "./dist/runtime/cli/main.js" } }),
    "runtime/cli/main.ts": "",
    ...Object.fromEntries(outputs.map((path) => [path, ""])),
  });
  execFileSync(process.execPath, [finishBuild], { cwd: root });
  expect(filesBelow(join(root, "dist"))).toEqual([joined, ...outputsOf("runtime/cli/main")].map((path) => join(root, path)));
  expect(statSync(join(root, "dist/runtime/cli/main.js")).mode & 0o111).toBe(0o111);
});
