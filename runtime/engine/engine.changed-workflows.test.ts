/** A workflow is another one when a run of it is to be gone on with (T29). */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFlower, type Engine, type EngineOptions, type Workflow } from "dataflower";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { durableStoreNames, missingFor, type OpenStore, openDurableStore } from "./fixtures/durable-stores.fixture.js";
import { ModuleFolder } from "./fixtures/module-folder.fixture.js";
import { outcome } from "./fixtures/outcome.fixture.js";

/** Each task says that it starts; the second one waits for a gate. */
const first = `import { appendFileSync, existsSync } from "node:fs";
import { workflow } from "./dataflower.js";
async function step({ folder, x }, { runId, taskId, signal }) {
  appendFileSync(folder + "/started", runId + " " + taskId + "\\n");
  while (taskId === "two" && !existsSync(folder + "/gate")) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return x + 1;
}
export const changing = workflow({ name: "changing", module: import.meta.url }, (flow, { folder }) => {
  const one = flow.task(step, { folder, x: 10 }, { name: "one" });
  const two = flow.task(step, { folder, x: one }, { name: "two", timeout: "1m" });
  const three = flow.task(step, { folder, x: two }, { name: "three" });
  return flow.task(step, { folder, x: three }, { name: "four" });
});
export const steady = workflow({ name: "steady", module: import.meta.url }, (flow, { folder }) => {
  const one = flow.task(step, { folder, x: 20 }, { name: "one" });
  return flow.task(step, { folder, x: one }, { name: "two" });
});
`;

interface Change {
  readonly what: string;
  readonly replace: readonly (readonly [from: string, to: string])[];
  /** What the error lists, all of it. */
  readonly differences: readonly string[];
}

const changes: readonly Change[] = [
  {
    what: "a task has another name",
    replace: [['{ name: "three" }', '{ name: "third" }']],
    differences: ["task three is gone", "task third is new", "task four followed input, three and follows input, third"],
  },
  {
    what: "a task is gone",
    replace: [['  return flow.task(step, { folder, x: three }, { name: "four" });', "  return three;"]],
    differences: ["task four is gone", "it had 4 tasks and has 3"],
  },
  {
    what: "a task depends on another one",
    replace: [["x: three }", "x: one }"]],
    differences: ["task four followed input, three and follows input, one"],
  },
  {
    what: "a task has another option",
    replace: [['timeout: "1m"', 'timeout: "2m"']],
    differences: ["task two has other options"],
  },
  {
    what: "a task is given something else",
    replace: [["x: 10", "x: 11"]],
    differences: ["the code of its module, its result, or how inputs are put together"],
  },
  {
    what: "a task does something else",
    replace: [["x + 1", "x + 2"]],
    differences: ["the code of its module, its result, or how inputs are put together"],
  },
];

/** What a promise is rejected with. */
async function errorOf(promise: Promise<unknown> | undefined): Promise<Partial<Record<"code" | "message" | "runId", unknown>>> {
  const ended = await outcome(() => promise);
  return "error" in ended ? (ended.error as object) : { message: `it was not rejected, but gave ${String(ended.value)}` };
}

describe.each(durableStoreNames)("on %s", (name) => {
  const missing = missingFor(name);
  if (missing !== undefined) {
    console.warn(`SKIPPED changed workflows on ${name}: ${missing}`);
    test.skipIf(process.env.CI !== "true")(`${name} is there`, () => expect(missing).toBe(undefined));
    return;
  }

  let modules: ModuleFolder;
  let store: OpenStore;
  let folder: string;
  beforeEach(async () => {
    modules = new ModuleFolder();
    folder = mkdtempSync(join(tmpdir(), "changed-"));
    store = await openDurableStore(name);
    vi.spyOn(process.stderr, "write").mockReturnValue(true); // runs that are left alone are told of there
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await store.remove();
    modules.remove();
    rmSync(folder, { recursive: true });
  });

  const started = (): string[] =>
    existsSync(join(folder, "started")) ? readFileSync(join(folder, "started"), "utf8").trim().split("\n") : [];

  async function withEngine(
    workflows: readonly Workflow<never, unknown>[],
    act: (engine: Engine) => Promise<void>,
    more: EngineOptions = {},
  ) {
    const { store: url, durability } = store.orders;
    const engine = await DataFlower.start({ workers: 1, workflows, store: url, durability, ...more });
    try {
      await act(engine);
    } finally {
      await engine.close({ grace: 0 });
    }
  }

  /** An engine with the first version ends in the middle of a run. */
  async function leaveUnfinished(changing: Workflow<never, unknown>): Promise<void> {
    await withEngine([changing], async (engine) => {
      await engine.submit(changing, { folder } as never, { runId: "july" });
      await vi.waitUntil(() => started().includes("july two"), 10_000);
    });
    expect(started()).toEqual(["july one", "july two"]);
  }

  test("a run is left alone for as long as its workflow is another one, and ends as it was begun", async () => {
    const { changing } = await modules.load<"changing">("first.js", first);
    await leaveUnfinished(changing);
    writeFileSync(join(folder, "gate"), "");
    for (const [index, { what, replace, differences }] of changes.entries()) {
      const text = replace.reduce((before, [from, to]) => before.replace(from, to), first);
      const later = await modules.load<"changing" | "steady">(`later-${index}.js`, text);
      // What was said of it is the same whether it is resumed by itself or asked for.
      for (const resume of [true, false]) {
        await withEngine(
          [later.changing, later.steady],
          async (engine) => {
            const run = await engine.get(later.changing, "july");
            const { code, message, runId } = await errorOf(run?.result());
            expect([code, runId], what).toEqual(["DF_WORKFLOW_CHANGED", "july"]);
            expect(String(message).split("what has changed is ")[1], what).toBe(differences.join("; "));
            const again = await engine.submit(later.changing, { folder } as never, { runId: "july" });
            expect((await errorOf(again.result())).code, what).toBe("DF_WORKFLOW_CHANGED");
            // Others go on beside it.
            const other = `other-${index}-${resume}`;
            expect(await engine.run(later.steady, { folder } as never, { runId: other }), what).toBe(index === 5 ? 24 : 22);
          },
          { resume },
        );
      }
    }
    expect(started().filter((line) => line.startsWith("july"))).toEqual(["july one", "july two"]);
    await withEngine([changing], async (engine) => {
      const run = await engine.get(changing, "july");
      expect(await run?.result()).toBe(14);
    });
    expect(started().filter((line) => line.startsWith("july"))).toEqual(["july one", "july two", "july two", "july three", "july four"]);
  }, 60_000);

  test("a run that has ended is told of whatever its workflow is by now; a new one is of the new workflow", async () => {
    const { changing } = await modules.load<"changing">("first.js", first);
    writeFileSync(join(folder, "gate"), "");
    await withEngine([changing], async (engine) => {
      expect(await engine.run(changing, { folder } as never, { runId: "june" })).toBe(14);
    });
    const later = await modules.load<"changing">("later.js", first.replace("x + 1", "x + 2"));
    await withEngine([later.changing], async (engine) => {
      expect(await engine.run(later.changing, { folder } as never, { runId: "june" })).toBe(14);
      expect(await engine.run(later.changing, { folder } as never, { runId: "july" })).toBe(18);
    });
    expect(started().filter((line) => line.startsWith("june"))).toHaveLength(4);
  });

  test("a run of a workflow that is not there waits for it, whatever else is resumed", async () => {
    const { changing, steady } = await modules.load<"changing" | "steady">("first.js", first);
    await leaveUnfinished(changing);
    writeFileSync(join(folder, "gate"), "");
    await withEngine([steady], async (engine) => {
      expect(await engine.get(steady, "july")).toBe(undefined);
      expect((await errorOf(engine.submit(steady, { folder } as never, { runId: "july" }))).code).toBe("DF_RUN_CONFLICT");
      expect(await engine.run(steady, { folder } as never)).toBe(22);
      expect(started().filter((line) => line.startsWith("july"))).toHaveLength(2);
      expect(await (await engine.get(changing, "july"))?.result()).toBe(14); // it is here now
    });
  });
});
