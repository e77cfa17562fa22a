import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { plantedProject } from "./checks/planted.fixture.js";
import { namedTests } from "./guarantees.js";

const root = fileURLToPath(new URL("../", import.meta.url));

const tableOf = (...rows: string[]) =>
  ["<!-- guarantees:begin -->", "", "| boundary | guarantee |", "|---|---|", ...rows, "<!-- guarantees:end -->"].join("\n");

describe("namedTests()", () => {
  test("finds what the rows name", () => {
    expect(
      namedTests(
        `# x\n${tableOf('| a | b: `x/y.test.ts` "one", "two" and "else", `z.test.ts` "three" |', '| c | `z.test.ts` "four" |')}\n`,
      ),
    ).toEqual([
      { file: "x/y.test.ts", title: "one" },
      { file: "x/y.test.ts", title: "two" },
      { file: "z.test.ts", title: "three" },
      { file: "z.test.ts", title: "four" },
    ]);
  });

  test("misses a table, and a row without a test", () => {
    expect(() => namedTests("# x")).toThrow("between guarantees:begin");
    expect(() => namedTests(tableOf("| a | b |"))).toThrow("each must name a test: found | a | b |");
  });
});

test("every guarantee of the README names tests of files that are there", () => {
  const tests = namedTests(readFileSync(`${root}README.md`, "utf8"));
  expect(tests.length).toBeGreaterThan(5);
  for (const { file } of tests) expect(existsSync(`${root}${file}`), file).toBe(true);
});

describe("a test run", () => {
  const vitest = `${root}node_modules/vitest/vitest.mjs`;
  const reporter = fileURLToPath(new URL("./guarantee-reporter.ts", import.meta.url));
  const tests = `describe("a", () => { test("one", () => {}); test.skip("two", () => {}); });`;

  function run(title: string, file = "some.test.ts") {
    const project = plantedProject({ "some.test.ts": tests, "README.md": `${tableOf(`| x | \`${file}\` "${title}" |`)}\n` });
    const options = ["run", "--globals", "--root", project, "--reporter", reporter];
    const { status, stderr } = spawnSync(process.execPath, [vitest, ...options], { cwd: project, encoding: "utf8" });
    return { status, isMissed: stderr.includes(`a guarantee names "${title}" of some.test.ts, which has not passed`) };
  }

  test("passes where what is named has passed", { timeout: 60_000 }, () => {
    expect(run("a > one")).toEqual({ status: 0, isMissed: false });
  });

  test.each(["a > two", "a > three"])("fails where %j was named, which was skipped or is not there", { timeout: 60_000 }, (title) => {
    expect(run(title)).toEqual({ status: 1, isMissed: true });
  });

  test("misses no file that was not asked for", { timeout: 60_000 }, () => {
    expect(run("one", "other.test.ts")).toEqual({ status: 0, isMissed: false });
  });
});
