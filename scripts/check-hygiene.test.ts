import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { checkHygiene } from "./check-hygiene.js";
import { withErrorTable } from "./checks/error-table.js";
import { plantedProject } from "./checks/planted.fixture.js";

const folders = { ".": "runtime", "./actors": "runtime/actor-system", "./schedulers": "schedulers", "./simulation": "runtime/simulation" };
const schema = "configs/workflow.schema.json";
const prices = "configs/prices.yaml";
const exports = {
  ...Object.fromEntries(
    Object.entries(folders).map(([door, folder]) => [door, { types: `./dist/${folder}/index.d.ts`, default: `./dist/${folder}/index.js` }]),
  ),
  "./prices.yaml": `./dist/${prices}`,
  "./workflow.schema.json": `./dist/${schema}`,
};
const readme = withErrorTable("# Title\n\n<!-- errors:begin -->\n<!-- errors:end -->\n\nThe end.\n") ?? "";

const clean: Record<string, string> = {
  ".gitignore": "dist/\nnode_modules/\n",
  "README.md": readme,
  "package.json": JSON.stringify({ exports }),
  "package-lock.json": lockfile({
    "node_modules/a": { optionalDependencies: { b: "1.0.0" } },
    "node_modules/b": { integrity: "sha512-x" },
  }),
  [schema]: "{}",
  [`dist/${schema}`]: "{}",
  [prices]: "",
  [`dist/${prices}`]: "",
  "notes.md": "See ./work/a.md, https://example.org/home/a.html and results/home/b.",
  ...Object.fromEntries(
    Object.values(folders).flatMap((folder) => [
      [`${folder}/index.ts`, ""],
      [`dist/${folder}/index.js`, ""],
      [`dist/${folder}/index.d.ts`, ""],
      [`dist/${folder}/index.js.map`, ""],
    ]),
  ),
};

// Put together from parts, for the sake of the check that reads this file as well.
const machine = `/${"home"}/somebody`;
const registry = `${"registry"}.example.com`;

const violations: ReadonlyArray<[rule: string, path: string, text: string | undefined]> = [
  ["machine-path", "runtime/planted.ts", `// \nexport const folder = "${machine}/x";`],
  ["machine-path", "notes.md", `file://${machine}/x`],
  ["registry-host", "notes.md", `npm install --registry https://${registry}/`],
  ["registry-host", "package-lock.json", lockfile({ "node_modules/a": { resolved: "somewhere" } })],
  ["lockfile", "package-lock.json", lockfile({ "node_modules/a": { optionalDependencies: { "b-darwin": "1.0.0" } } })],
  ["error-table", "README.md", undefined],
  ["error-table", "README.md", "# Title\n"],
  ["error-table", "README.md", readme.replace(/\| `DF_INTERNAL`.*\n/, "")],
  ["error-table", "README.md", readme.replace("| `DF_INTERNAL`", "| `DF_UNHEARD_OF` | a | b |\n| `DF_INTERNAL`")],
  ["doors", "package.json", JSON.stringify({ exports: { ...exports, "./inside": "./dist/runtime/engine.js" } })],
  ["doors", "package.json", JSON.stringify({ exports: { ...exports, "./workflow.schema.json": undefined } })],
  ["doors", "dist/runtime/actor-system/index.d.ts", undefined],
  ["doors", `dist/${schema}`, undefined],
  ["stale-output", "dist/runtime/removed.js", ""],
  ["stale-output", "dist/runtime/removed.d.ts", ""],
  ["stale-output", "dist/runtime/removed.js.map", ""],
];

describe("checkHygiene()", () => {
  test("passes a tree without traces of a machine, with a current table and every door built", () => {
    const { lookedAt, findings } = checkHygiene(repository(clean));
    expect(findings).toEqual([]);
    expect(lookedAt).toBe(11);
  });

  test.each(violations)("finds a break of %s in %s: %s", (rule, path, text) => {
    const { [path]: _replaced, ...others } = clean;
    const { findings } = checkHygiene(repository(text === undefined ? others : { ...clean, [path]: text }));
    expect(findings.map(({ message }) => message.split(":")[0])).toEqual([rule]);
  });

  test("names the line", () => {
    const { findings } = checkHygiene(repository({ ...clean, "notes.md": `one\ntwo\n${machine}/three` }));
    expect(findings).toMatchObject([{ path: "notes.md", line: 3 }]);
  });
});

function lockfile(packages: Record<string, object>): string {
  return JSON.stringify({ packages }, null, 2);
}

function repository(files: Record<string, string>): string {
  const root = plantedProject(files);
  execFileSync("git", ["init", "--quiet"], { cwd: root });
  return root;
}
