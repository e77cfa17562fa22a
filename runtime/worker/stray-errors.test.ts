import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { StrayErrors, strayErrorLinesMax } from "./stray-errors.js";

function keeper() {
  const lines: string[] = [];
  const strayErrors = new StrayErrors({ worker: 3, tasks: () => ["run-1 resize[2]"] }, (line) => void lines.push(line));
  return { strayErrors, lines };
}

class Unreadable extends Error {
  override get message(): string {
    throw new Error("no");
  }
}

const unlikely = new Proxy(
  {},
  {
    getPrototypeOf() {
      throw new Error("no");
    },
  },
);

describe("StrayErrors", () => {
  test("tells of an error in one line of JSON, with the worker and its newest tasks", () => {
    const { strayErrors, lines } = keeper();
    strayErrors.keep(new RangeError("too\nlate"));
    expect(lines.length).toBe(1);
    expect(lines[0]?.indexOf("\n")).toBe((lines[0]?.length ?? 0) - 1);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      level: "warn",
      worker: 3,
      message: "RangeError: too\nlate",
      stack: expect.stringContaining("stray-errors.test"),
      tasks: ["run-1 resize[2]"],
    });
  });

  test.each<[unknown, string]>([
    ["words", "words"],
    [undefined, "undefined"],
    [null, "null"],
    [Symbol("it"), "Symbol(it)"],
    [Object.create(null), "a value that cannot be printed"],
    [new Unreadable(), "a value that cannot be printed"],
    [unlikely, "a value that cannot be printed"],
    ["x".repeat(1_000_000), "x".repeat(4000)],
  ])("never throws, whatever was thrown: %#", (thrown, message) => {
    const { strayErrors, lines } = keeper();
    strayErrors.keep(thrown);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ message });
  });

  test("writes so many lines and says that it stops there", () => {
    const { strayErrors, lines } = keeper();
    for (let error = 0; error < strayErrorLinesMax + 50; error++) strayErrors.keep(new Error("again"));
    expect(strayErrors.count).toBe(strayErrorLinesMax + 50);
    expect(lines.length).toBe(strayErrorLinesMax + 1);
    expect(lines.at(-1)).toContain("only counted");
  });

  test("lets a broken assertion of our own through", () => {
    const { strayErrors, lines } = keeper();
    const own = new DataFlowerError("DF_INTERNAL", "broken");
    expect(() => strayErrors.keep(own)).toThrow(own);
    strayErrors.keep(new DataFlowerError("DF_UNSERIALIZABLE", "a task's, thrown too late"));
    expect(lines.length).toBe(1);
  });
});

/** How a thread ends that keeps stray errors and then does this. */
async function endOf(body: string) {
  const built = new URL("../../dist/runtime/worker/stray-errors.js", import.meta.url).href;
  const worker = new Worker(
    `import(${JSON.stringify(built)}).then(({ keepStrayErrors, letThrough }) => {
       keepStrayErrors({ worker: 0, tasks: () => [] });
       setTimeout(() => console.log("alive"), 50);
       ${body}
     });`,
    { eval: true, stdout: true, stderr: true },
  );
  let [out, lines, error]: [string, string, unknown] = ["", "", undefined];
  worker.stdout.on("data", (chunk) => (out += chunk));
  worker.stderr.on("data", (chunk) => (lines += chunk));
  worker.on("error", (cause) => (error = cause));
  const code = await new Promise((resolve) => worker.on("exit", resolve));
  return { code, isAlive: out === "alive\n", lines, error };
}

describe("a thread that keeps stray errors", () => {
  test.each(["setTimeout(() => { throw new RangeError('late') }, 1)", "Promise.reject(new RangeError('late'))"])(
    "goes on after one: %s",
    async (body) => {
      expect(await endOf(body)).toMatchObject({
        code: 0,
        isAlive: true,
        error: undefined,
        lines: expect.stringContaining("RangeError: late"),
      });
    },
  );

  test.each([
    ["a timer", "setTimeout(fail, 1)"],
    ["a microtask", "queueMicrotask(fail)"],
    ["the check phase", "setImmediate(fail)"],
    ["a message", "const { port1, port2 } = new MessageChannel(); port1.on('message', fail); port2.postMessage(1)"],
  ])("ends with what its own loop throws, from %s", async (_, start) => {
    const body = `const fail = () => { const own = new RangeError("ours"); letThrough(own); throw own; }; ${start}`;
    expect(await endOf(body)).toMatchObject({ code: 1, isAlive: false, error: { name: "RangeError", message: "ours" }, lines: "" });
  });
});
