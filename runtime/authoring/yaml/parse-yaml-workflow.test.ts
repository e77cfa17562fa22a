// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a ref in a file looks like a placeholder
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { builtInPolicy } from "../../../schedulers/index.js";
import { placeOfTask } from "../compile-listed.js";
import { attemptsMax, cpusMax, priorityMax, resolveTaskOptions } from "../resolve-options.js";
import { parseYamlWorkflow } from "./parse-yaml-workflow.js";
import { schemaMistake } from "./workflow-schema.js";

const parse = (text: string) => parseYamlWorkflow(text, "flow.yaml");
/** A workflow of these tasks, one a line from line 3 on. */
const withTasks = (...tasks: string[]) => parse(["name: w", "tasks:", ...tasks.map((task) => `  ${task}`)].join("\n"));

function refusal(act: () => unknown): { readonly code: unknown; readonly message: string } {
  try {
    act();
  } catch (error) {
    return error as { code: unknown; message: string };
  }
  throw new Error("it was accepted");
}

const refs = (...places: number[]) => places.map((place) => ({ kind: "ref", up: 0, place, path: [] }));
const [a, b, c] = [placeOfTask(0), placeOfTask(1), placeOfTask(2)];

const thumbnails = `
name: thumbnails
tasks:
  download: { run: "tasks.mjs#download", inputs: { url: "\${input.url}" }, retry: 5, timeout: 30s }
  resize:   { run: "tasks.mjs#resize", inputs: { image: "\${download.body}", width: 64 } }
  publish:  { run: "./tasks.mjs", inputs: ["\${resize}"], after: [audit] }
  audit:    { run: "tasks.mjs#audit" }
result: "\${publish}"
whenTaskFails: stop
scheduler: fifo
defaults: { retry: 1 }
`;

describe("parseYamlWorkflow", () => {
  test("reads all that a file may say", () => {
    const parsed = parse(thumbnails);
    expect(parsed).toMatchObject({ name: "thumbnails", whenTaskFails: "stop", scheduler: builtInPolicy("fifo"), result: refs(c)[0] });
    expect(parsed.handlers.map((one) => ({ ...one, place: one.place() }))).toEqual([
      { module: "tasks.mjs", name: "download", place: "flow.yaml:4: tasks.download.run" },
      { module: "tasks.mjs", name: "resize", place: "flow.yaml:5: tasks.resize.run" },
      { module: "./tasks.mjs", name: "default", place: "flow.yaml:6: tasks.publish.run" },
      { module: "tasks.mjs", name: "audit", place: "flow.yaml:7: tasks.audit.run" },
    ]);
    expect(parsed.defaults).toMatchObject({ attempts: 1, timeoutMs: 300_000 });
    const [download, resize, publish, audit] = parsed.tasks;
    expect(download).toMatchObject({ name: "download", isNameGiven: true, handler: 0, options: { attempts: 5, timeoutMs: 30_000 } });
    expect(download!.input).toEqual({ kind: "object", keys: ["url"], values: [{ kind: "ref", up: 0, place: 0, path: ["url"] }] });
    expect(resize!.input).toEqual({
      kind: "object",
      keys: ["image", "width"],
      values: [
        { kind: "ref", up: 0, place: a, path: ["body"] },
        { kind: "constant", value: 64 },
      ],
    });
    expect(publish).toMatchObject({ handler: 2, input: { kind: "list", items: refs(b) }, after: [3], options: undefined });
    expect(audit).toMatchObject({ input: { kind: "constant", value: undefined }, after: [] });
  });

  test("numbers a function once, however many tasks run it", () => {
    const { tasks, handlers } = withTasks(
      "a: { run: m.mjs#f }",
      "b: { run: m.mjs#g }",
      "c: { run: m.mjs#f }",
      "d: { run: m.mjs#default }",
      "e: { run: m.mjs }",
    );
    expect(tasks.map((task) => task.handler)).toEqual([0, 1, 0, 2, 2]);
    expect(handlers.map((one) => one.name)).toEqual(["f", "g", "default"]);
  });

  test("the output of the one task that no other reads or waits for is the result", () => {
    expect(withTasks("a: { run: m, after: [b] }", "b: { run: m, inputs: '${c}' }", "c: { run: m }").result).toEqual(refs(a)[0]);
  });

  test("where several are last, their outputs are the result, by name", () => {
    const { result } = withTasks("a: { run: m }", "b: { run: m, inputs: [['${a.x.0}']] }", "toString: { run: m }");
    expect(result).toEqual({ kind: "object", keys: ["b", "toString"], values: refs(b, c) });
  });

  test("a result may be put together", () => {
    const { result } = parse("name: w\ntasks: { a: { run: m } }\nresult: { all: ['${a}', 1], of: '${input}' }");
    expect(result).toMatchObject({
      kind: "object",
      values: [{ kind: "list", items: [refs(a)[0], { kind: "constant", value: 1 }] }, refs(0)[0]],
    });
  });

  test("$${ is a literal ${, and data without refs is one constant", () => {
    const { tasks } = withTasks(
      `a: { run: m, inputs: { a: "$\${x} and $\${y", b: ["$$\${x}", "$ {x} $x }", ~, .inf] }, fallback: "$\${none}" }`,
    );
    expect(tasks[0]!.input).toEqual({
      kind: "constant",
      value: { a: "${x} and ${y", b: ["$${x}", "$ {x} $x }", null, Number.POSITIVE_INFINITY] },
    });
    expect(tasks[0]!.options!.fallback).toEqual({ value: "${none}" });
  });

  test("names of what objects inherit are names as any other", () => {
    const { tasks } = withTasks(
      "toString: { run: 'm#hasOwnProperty', inputs: { constructor: 1, prototype: { toString: 2 } } }",
      "hasOwnProperty: { run: m, inputs: '${toString.toString}', after: [toString] }",
    );
    expect(tasks[0]!.input).toMatchObject({ kind: "constant", value: JSON.parse('{"constructor":1,"prototype":{"toString":2}}') });
    expect(tasks[1]).toMatchObject({ input: { kind: "ref", place: a, path: ["toString"] }, after: [0] });
  });
});

describe("parseYamlWorkflow refuses, naming file, line and path,", () => {
  const spec = "DF_SPEC_INVALID";
  const option = "DF_OPTION_INVALID";
  test.each([
    ["an empty file", "", spec, "flow.yaml:1: Cannot use this as it must be of type object: found null"],
    ["a scalar", "7", spec, "flow.yaml:1: Cannot use this as it must be of type object: found 7"],
    ["a list", "- 1", spec, "of type object"],
    ["a file without tasks", "name: w", spec, "flow.yaml:1: Cannot use this as it must have a key tasks"],
    ["no tasks", "name: w\ntasks: {}", spec, "flow.yaml:2: tasks: "],
    ["a name that is none", "name: ../w\ntasks: { a: { run: m } }", spec, "flow.yaml:1: name: "],
    ["constructor as a name", "name: constructor\ntasks: { a: { run: m } }", spec, "flow.yaml:1: name: "],
    [
      "an unknown key",
      "name: w\ntasks: { a: { run: m } }\nscheduled: no",
      spec,
      "flow.yaml:3: scheduled: Cannot use this as there is no such key: known are name, tasks,",
    ],
    ["a wrong whenTaskFails", "name: w\ntasks: { a: { run: m } }\nwhenTaskFails: go", spec, 'must be one of stop, continue: found "go"'],
    [
      "an unknown scheduler",
      "name: w\ntasks: { a: { run: m } }\nscheduler: lifo",
      "DF_SCHEDULER_UNKNOWN",
      "flow.yaml:3: Cannot use option scheduler",
    ],
    [
      "wrong defaults",
      "name: w\ntasks: { a: { run: m } }\ndefaults:\n  retry: 0",
      option,
      "flow.yaml:4: Cannot use option defaults.retry as it must be an integer from 1 to 10,000: found 0",
    ],
    [
      "an unknown default",
      "name: w\ntasks: { a: { run: m } }\ndefaults: { after: [a] }",
      spec,
      "flow.yaml:3: defaults.after: Cannot use this as there is no such key",
    ],
    [
      "a result that reads nothing",
      "name: w\ntasks: { a: { run: m } }\nresult: a",
      spec,
      'flow.yaml:3: result: Cannot use this as a result reads something, such as ${a}: found "a"',
    ],
    ["a result of nothing", "name: w\ntasks: { a: { run: m } }\nresult:", spec, "flow.yaml:3: result: "],
    [
      "a result of no task",
      "name: w\ntasks: { a: { run: m } }\nresult: [${b}]".replace("[${b}]", "'${b}'"),
      spec,
      'flow.yaml:3: result: Cannot read ${b} as a ref names a task of this file, or input: found "b"',
    ],
  ])("%s", (_, text, code, message) => {
    expect(refusal(() => parse(text))).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test.each([
    ["a task that is no object", ["a: m"], spec, 'flow.yaml:3: tasks.a: Cannot use this as it must be of type object: found "m"'],
    [
      "a task without run",
      ["a: { run: m }", "b: { inputs: 1 }"],
      spec,
      "flow.yaml:4: tasks.b: Cannot use this as it must have a key run: found none",
    ],
    ["a run that is no text", ["a: { run: 7 }"], spec, "flow.yaml:3: tasks.a.run: "],
    ["a run without a module", ["a: { run: '#f' }"], spec, "flow.yaml:3: tasks.a.run: "],
    ["a run without an export", ["a: { run: 'm#' }"], spec, "flow.yaml:3: tasks.a.run: "],
    [
      "an unknown key",
      ["a:", "  run: m", "  tiemout: 3"],
      spec,
      "flow.yaml:5: tasks.a.tiemout: Cannot use this as there is no such key: known are run, inputs, after, retry",
    ],
    ["a name of its own", ["a: { run: m, name: b }"], spec, "tasks.a.name: Cannot use this as there is no such key"],
    [
      "an unknown key of retry",
      ["a: { run: m, retry: { attemps: 3 } }"],
      spec,
      "tasks.a.retry.attemps: Cannot use this as there is no such key",
    ],
    [
      "a wrong option",
      ["a:", "  run: m", "  timeout: 30 s"],
      option,
      'flow.yaml:5: Cannot use option tasks.a.timeout as it must be milliseconds or a text such as "250ms"',
    ],
    ["an option that only its range forbids", ["a: { run: m, timeout: 0s }"], option, "flow.yaml:3: Cannot use option tasks.a.timeout"],
    ["a wrong part of an option", ["a: { run: m, retry: { backoff: none } }"], option, "Cannot use option tasks.a.retry.backoff"],
    ["an option of nothing", ["a: { run: m, priority: }"], option, "Cannot use option tasks.a.priority as it must be an integer"],
    [
      "an unknown task to wait for",
      ["a: { run: m, after: [b] }"],
      spec,
      'flow.yaml:3: tasks.a.after.0: Cannot wait for this as it must be a task of this file: found "b"',
    ],
    ["toString to wait for", ["a: { run: m, after: [toString] }"], spec, "must be a task of this file"],
    ["input to wait for", ["a: { run: m, after: [input] }"], spec, "must be a task of this file"],
    [
      "an unknown task to read",
      ["a: { run: m, inputs: { x: [1, '${b.c}'] } }"],
      spec,
      'flow.yaml:3: tasks.a.inputs.x.1: Cannot read ${b.c} as a ref names a task of this file, or input: found "b"',
    ],
    ["constructor to read", ["a: { run: m, inputs: '${constructor}' }"], spec, 'or input: found "constructor"'],
    ["a ref of nothing", ["a: { run: m, inputs: '${}' }"], spec, 'or input: found ""'],
    [
      "a field of no name",
      ["a: { run: m }", "b: { run: m, inputs: '${a.}' }"],
      spec,
      "flow.yaml:4: tasks.b.inputs: Cannot read ${a.} as a field is a name",
    ],
    ["a field with a space", ["a: { run: m }", "b: { run: m, inputs: '${a.x y}' }"], spec, 'found "x y"'],
    ["a field that JavaScript reads otherwise", ["a: { run: m }", "b: { run: m, inputs: '${a.__proto__.x}' }"], spec, 'found "__proto__"'],
    [
      "a ref within a text",
      ["a: { run: m, inputs: { x: 'see ${input.x}' } }"],
      spec,
      "flow.yaml:3: tasks.a.inputs.x: Cannot read this as a ref stands alone as a whole text",
    ],
    ["two refs in a text", ["a: { run: m, inputs: '${input.x}${input.y}' }"], spec, "stands alone as a whole text"],
    ["a ref that does not end", ["a: { run: m, inputs: '${input.x' }"], spec, "stands alone as a whole text"],
    ["a ref in a key", ["a: { run: m, inputs: { '${input.x}': 1 } }"], spec, "keys hold no refs"],
    [
      "a ref in a fallback",
      ["a: { run: m, fallback: ['${input}'] }"],
      spec,
      "flow.yaml:3: tasks.a.fallback: Cannot read this as a fallback is data: found a ref",
    ],
    [
      "a task that reads itself",
      ["a: { run: m, inputs: '${a}' }"],
      spec,
      "flow.yaml:3: tasks.a: Cannot run this as no task may wait for itself: found a -> a",
    ],
    [
      "a task that waits for itself",
      ["b: { run: m }", "a: { run: m, after: [a] }"],
      spec,
      "flow.yaml:4: tasks.a: Cannot run this as no task may wait for itself: found a -> a",
    ],
    [
      "a cycle",
      ["a: { run: m, inputs: '${c}' }", "b: { run: m, after: [a] }", "c: { run: m, inputs: ['${b.x}'] }"],
      spec,
      "no task may wait for itself: found a -> b -> c -> a",
    ],
    ...["__proto__", "constructor", "prototype", "input", "item", "a.b", "-a", "a b", "''"].map(
      (name): [string, string[], string, string] => [`${name} as a task's name`, [`${name}: { run: m }`], spec, "flow.yaml:3: "],
    ),
    ["a name of 129 letters", [`${"a".repeat(129)}: { run: m }`], spec, "it breaks the rule of names"],
  ])("%s", (_, tasks, code, message) => {
    expect(refusal(() => withTasks(...tasks))).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

/** Values that fit an option, and values that do not; what only the reader can judge, a quantity's range, is not among them. */
const durations = { good: [0, 1.5, "250ms", "1.5s", "2d"], bad: [-1, "1", "3 s", "1e3ms", "s", Number.NaN, null, true, [1], {}] };
const timeouts = {
  good: [1, "30s", Number.POSITIVE_INFINITY],
  bad: [0, -1, Number.NEGATIVE_INFINITY, Number.NaN, "30", "30sec", null, {}],
};
const values: Readonly<Record<string, { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }>> = {
  timeout: timeouts,
  heartbeatTimeout: timeouts,
  estimate: { good: durations.good, bad: [...durations.bad, Number.POSITIVE_INFINITY, 1e15] },
  priority: { good: [0, -3, priorityMax], bad: [0.5, priorityMax + 1, "high", Number.POSITIVE_INFINITY, Number.NaN, null] },
  cpus: { good: [0, 0.5, cpusMax], bad: [-1, cpusMax + 1, "1", Number.NaN, null] },
  memory: { good: [1, 2 ** 50, "64KiB", "1.5GiB"], bad: [0, 1.5, 2 ** 50 + 2, "64kb", "64 KiB", "1MB", Number.NaN, null] },
  executor: { good: ["threads", "process"], bad: ["lambda", 1, null] },
  delivery: { good: ["at-most-once", "at-least-once"], bad: ["exactly-once", null] },
  onFailure: { good: ["fail", "skip-dependents"], bad: ["stop", false, null] },
  fallback: { good: [null, 1, { x: [1] }], bad: [] },
  "retry.attempts": { good: [1, attemptsMax], bad: [0, attemptsMax + 1, 1.5, "3", null] },
  "retry.backoff": { good: ["fixed", "exponential"], bad: ["linear", null] },
  "retry.delay": durations,
  "retry.delayMax": { good: ["3d", 1e11], bad: durations.bad.filter((value) => value !== null) }, // which the reader takes for none
  "retry.jitter": { good: [true, false], bad: ["yes", 0, null] },
  "retry.nonRetryable": { good: [[], ["TypeError"]], bad: ["TypeError", [1], null] },
};
const wholeRetries = { good: [1, attemptsMax, {}], bad: [0, attemptsMax + 1, 1.5, "3", null, [1]] };

const optionValue = ({ good, bad }: { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }) =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constantFrom(...good, ...bad) });

/** Options of a task, mostly right. */
const options: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(
    fc.record(Object.fromEntries(Object.entries(values).map(([name, choice]) => [name, optionValue(choice)])), { requiredKeys: [] }),
    fc.option(optionValue(wholeRetries)),
  )
  .map(([flat, whole]) => {
    const given: Record<string, unknown> = {};
    const retry: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(flat)) {
      if (name.startsWith("retry.")) retry[name.slice("retry.".length)] = value;
      else given[name] = value;
    }
    if (whole !== null) given.retry = whole;
    else if (Object.keys(retry).length > 0) given.retry = retry;
    return given;
  });

const isAccepted = (act: () => unknown): boolean => {
  try {
    act();
    return true;
  } catch {
    return false;
  }
};

describe("the schema, the check of options and the reader agree", () => {
  test("on generated files", () => {
    const accepted = [0, 0];
    fc.assert(
      fc.property(options, (given) => {
        const file = { name: "w", tasks: { a: { run: "m.mjs#f", ...given } } };
        const expected = isAccepted(() => resolveTaskOptions(given, {}, "a"));
        accepted[Number(expected)]!++;
        expect(schemaMistake(file) === undefined).toBe(expected);
        expect(isAccepted(() => parse(stringify(file)))).toBe(expected);
      }),
      { numRuns: 500 },
    );
    expect(Math.min(...accepted)).toBeGreaterThan(50); // both kinds were among them
  });

  test.each(
    Object.entries(values).flatMap(([name, { good, bad }]) => [
      ...good.map((value) => [name, value, true] as const),
      ...bad.map((value) => [name, value, false] as const),
    ]),
  )("%s: %j", (name, value, expected) => {
    const [option = "", part] = name.split(".");
    const given = { [option]: part === undefined ? value : { [part]: value } };
    expect(isAccepted(() => resolveTaskOptions(given, {}, "a"))).toBe(expected);
    expect(schemaMistake({ name: "w", tasks: { a: { run: "m", ...given } } }) === undefined).toBe(expected);
  });
});
