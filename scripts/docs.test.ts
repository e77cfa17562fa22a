import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { catalogue } from "../actors/kernel/errors.js";
import { plantedProject } from "./checks/planted.fixture.js";

const docs = fileURLToPath(new URL("../dist/scripts/docs.js", import.meta.url));

describe("npm run docs", () => {
  test("lists every code of the catalogue between the markers and leaves the rest of the README alone", () => {
    const root = plantedProject({ "README.md": "# Title\n\n<!-- errors:begin -->\nstale row\n<!-- errors:end -->\n\nThe end.\n" });
    expect(spawnSync(process.execPath, [docs], { cwd: root }).status).toBe(0);
    const readme = readFileSync(join(root, "README.md"), "utf8");
    expect([...readme.matchAll(/^\| `(DF_\w+)` \| .+ \| .+ \|$/gm)].map(([, code]) => code)).toEqual(Object.keys(catalogue));
    expect(readme).toMatch(/^# Title\n\n<!-- errors:begin[^\0]*errors:end -->\n\nThe end\.\n$/);
    expect(readme).not.toContain("stale row");
  });

  test("refuses a README without a place for the table", () => {
    const root = plantedProject({ "README.md": "# Title\n" });
    expect(spawnSync(process.execPath, [docs], { cwd: root }).status).toBe(1);
  });
});
