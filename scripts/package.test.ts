import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PackedPackage, type Project } from "./packed-package.fixture.js";

const seconds = 1_000;
const nodeStripsTypes = "typescript" in process.features && Boolean(process.features.typescript);

const sumOfDoubles = (annotation = "", result = "") => `
import { workflow } from "dataflower";
function double({ n }${annotation && ": { n: number }"})${result} { return n * 2; }
function add({ a, b }${annotation && ": { a: number; b: number }"})${result} { return a + b; }
export const sum = workflow({ name: "sum", module: import.meta.url }, (flow, input${annotation}) => {
  const a = flow.task(double, { n: input.n }, { name: "a" });
  const b = flow.task(double, { n: input.n }, { name: "b" });
  return flow.task(add, { a, b });
});
`;
const typedSumOfDoubles = sumOfDoubles(": Ref<{ n: number }>", ": number").replace("{ workflow }", "{ type Ref, workflow }");

const main = (module: string) => `
import { DataFlower } from "dataflower";
import { sum } from ${JSON.stringify(module)};
const engine = await DataFlower.start({ workflows: [sum], workers: 2 });
try { console.log(JSON.stringify(await engine.run(sum, { n: 21 }))); } finally { await engine.close(); }
`;

const moduleProject = JSON.stringify({ name: "user", type: "module" });

describe("the packed package", () => {
  let packed: PackedPackage;
  beforeAll(() => {
    packed = new PackedPackage();
  }, 60 * seconds);
  afterAll(() => packed.remove());

  test("holds what users need and nothing that only we need", () => {
    const needed = [
      "LICENSE",
      "README.md",
      "CHANGELOG.md",
      "package.json",
      "dist/runtime/index.js",
      "dist/configs/prices.yaml",
      "dist/configs/workflow.schema.json",
      packed.manifest.bin.dataflower.slice(2),
    ];
    expect(needed.filter((path) => !packed.files.includes(path))).toEqual([]);
    expect(
      packed.files.filter((path) => /\.(test|conformance|fixture|arbitrary)\.|\/(fixtures|programs)\/|^dist\/(bench|scripts)\//.test(path)),
    ).toEqual([]);
  });

  test("opens the promised doors and no other", () => {
    const project = packed.installedIn("doors of it", {});
    const doors = [
      "dataflower",
      "dataflower/actors",
      "dataflower/schedulers",
      "dataflower/dist/runtime/index.js",
      "dataflower/package.json",
    ];
    const attempts = doors.map((door) => `import(${JSON.stringify(door)}).then(() => "open", (error) => error.code)`);
    const { stdout } = project.node("--input-type=module", "--eval", `console.log(JSON.stringify(await Promise.all([${attempts}])))`);
    expect(JSON.parse(stdout)).toEqual(["open", "open", "open", "ERR_PACKAGE_PATH_NOT_EXPORTED", "ERR_PACKAGE_PATH_NOT_EXPORTED"]);
  });

  describe.each([
    { kind: ".mjs", files: { "sum.mjs": sumOfDoubles(), "main.mjs": main("./sum.mjs") }, others: [] },
    { kind: ".js", files: { "package.json": moduleProject, "sum.js": sumOfDoubles(), "main.js": main("./sum.js") }, others: [] },
    { kind: ".ts", files: { "package.json": moduleProject, "sum.ts": typedSumOfDoubles, "main.js": main("./sum.ts") }, others: ["tsx"] },
  ])("runs workflows of $kind modules", ({ kind, files, others }) => {
    let project: Project;
    beforeAll(() => {
      project = packed.installedIn(`a project of ${kind}`, files, others);
    });

    test("by the CLI", { timeout: 60 * seconds }, () => {
      const { status, stdout, stderr } = project.dataflower("run", `sum${kind}`, "--input", `{"n":21}`, "--json");
      expect(stderr).not.toMatch(/DF_/);
      expect(JSON.parse(stdout)).toMatchObject({ workflow: "sum", status: "completed", output: 84, tasks: 3, edges: 2 });
      expect(status).toBe(0);
    });

    test("by the API", { timeout: 60 * seconds }, () => {
      const loader = kind === ".ts" ? ["--import", "tsx"] : [];
      const outcome = project.node(...loader, `main${kind === ".mjs" ? ".mjs" : ".js"}`);
      expect(outcome, outcome.stderr).toMatchObject({ status: 0, stdout: "84\n" });
    });
  });

  test.skipIf(nodeStripsTypes)("says what to do about a .ts module where nothing can load it", { timeout: 60 * seconds }, () => {
    const project = packed.installedIn("a project without tsx", { "package.json": moduleProject, "sum.ts": typedSumOfDoubles });
    const { status, stderr } = project.dataflower("run", "sum.ts", "--input", `{"n":21}`, "--json");
    expect(stderr).toMatch(/DF_TYPESCRIPT_UNSUPPORTED/);
    expect(status).toBe(2);
  });

  test.each(["typescript", "typescript-5.4"])("gives its types to programs that %s checks", { timeout: 60 * seconds }, (compiler) => {
    const compilerOptions = { module: "NodeNext", target: "ES2022", strict: true, skipLibCheck: true, types: ["node"] };
    const program = `
      import { DataFlower } from "dataflower";
      import * as actors from "dataflower/actors";
      import * as schedulers from "dataflower/schedulers";
      import { sum } from "./sum.js";
      const engine = await DataFlower.start({ workflows: [sum] });
      export const total: number = await engine.run(sum, { n: 21 });
      // @ts-expect-error the output is a number
      export const text: string = await engine.run(sum, { n: 21 });
      // @ts-expect-error the input lacks n
      await engine.run(sum, {});
      // @ts-expect-error no such export: the door is typed, not any
      export const nothing = [actors.noSuchExport];
      // @ts-expect-error no such export: the door is typed, not any
      export const nothingEither = [schedulers.noSuchExport];
    `;
    const files = {
      "package.json": moduleProject,
      "sum.ts": typedSumOfDoubles,
      "main.ts": program,
      "tsconfig.json": JSON.stringify({ compilerOptions }),
    };
    const { stdout, status } = packed.installedIn(`types for ${compiler}`, files, ["@types/node"]).typeCheck(compiler);
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
  });
});
