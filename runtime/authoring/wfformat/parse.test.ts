import { describe, expect, test } from "vitest";
import { documentOf, type Json, textOf, type WrittenTask } from "./documents.fixture.js";
import { parseWfFormat } from "./parse.js";
import { runtimeMsMax, type Trace } from "./trace.js";
import { wfFormatVersions } from "./versions.js";

const parse = (document: Json): Trace => parseWfFormat(JSON.stringify(document), "trace.json");
const read = (tasks: readonly WrittenTask[], version = "1.5"): Trace => parseWfFormat(textOf(version, tasks), "trace.json");

const task = (id: string, parents: string[] = [], more: Partial<WrittenTask> = {}): WrittenTask => ({ id, parents, seconds: 1, ...more });

/** Listed against its order: d waits for b and c, which wait for a. */
const diamond: WrittenTask[] = [
  task("d", ["c", "b"], { seconds: 0.25, inputs: { "b.txt": 3, "c.txt": 4 }, memory: 7 }),
  task("b", ["a"], { seconds: 0, inputs: { "a.txt": 2 }, outputs: { "b.txt": 3 } }),
  task("c", ["a"], { seconds: 1.5, inputs: { "a.txt": 2 }, outputs: { "c.txt": 4 } }),
  task("a", [], { seconds: 2, outputs: { "a.txt": 2 } }),
];

describe("parseWfFormat", () => {
  test.each(wfFormatVersions)("reads version %s", (version) => {
    const unit = version < "1.4" ? 1024 : 1;
    const { name, version: said, tasks } = read(diamond, version);
    expect({ name, said }).toEqual({ name: "written", said: version });
    expect(tasks.map(({ id, parents, runtimeMs, cores }) => [id, parents, runtimeMs, cores])).toEqual([
      ["d", [2, 1], 250, 2],
      ["b", [3], 0, 2],
      ["c", [3], 1500, 2],
      ["a", [], 2000, 2],
    ]);
    expect(tasks.map(({ inputBytes }) => inputBytes / unit)).toEqual([7, 2, 2, 0]);
  });

  test("reads a document that begins with a byte order mark", () => {
    expect(parseWfFormat(`\uFEFF${textOf("1.5", diamond)}`, "t").tasks).toHaveLength(4);
  });

  test("takes fields that are left out for unknown, and a task for one of one core", () => {
    const document = documentOf("1.5", [task("a", [], { inputs: { "a.txt": 2 } })]);
    delete document.workflow.specification.files;
    const [executed] = document.workflow.execution.tasks;
    for (const field of Object.keys(executed)) if (field !== "id" && field !== "runtimeInSeconds") delete executed[field];
    expect(parse(document).tasks[0]).toMatchObject({ cores: 1, inputBytes: 0 });
  });

  test("keeps any text as an id, and what means something to JavaScript is plain data", () => {
    const ids = ["__proto__", "constructor", "a.b-c_d#1", "toString"];
    const { tasks } = read(ids.map((id, at) => task(id, at === 0 ? [] : [ids[at - 1]!], { inputs: { [`file-${id}`]: 1 } })));
    expect(tasks.map(({ id, parents, inputBytes }) => [id, parents, inputBytes])).toEqual(
      ids.map((id, at) => [id, at === 0 ? [] : [at - 1], 1]),
    );
    expect(({} as Json).parents).toBeUndefined();
  });

  test("takes a parent that is listed twice once", () => {
    expect(read([task("a"), task("b", ["a", "a"])]).tasks[1]?.parents).toEqual([0]);
  });

  test("reads several roots, leaves and parts that hang together with nothing", () => {
    expect(read([task("a"), task("b"), task("c", ["a", "b"]), task("d", ["a"]), task("e")]).tasks.map(({ parents }) => parents)).toEqual([
      [],
      [],
      [0, 1],
      [0],
      [],
    ]);
  });

  test.each(["1.2", "1.3", "1.4"])("finds the parents of version %s by name where they are no ids", (version) => {
    const written = [task("1", [], { name: "first", children: ["second"] }), task("2", ["first"], { name: "second", children: [] })];
    expect(read(written, version).tasks.map(({ id, parents }) => [id, parents])).toEqual([
      ["1", []],
      ["2", [0]],
    ]);
  });

  test("takes the parents of a task that does not mention any from those that have it as a child", () => {
    const document = documentOf("1.4", diamond);
    for (const one of document.workflow.tasks) delete one.parents;
    expect(parse(document).tasks.map(({ parents }) => parents)).toEqual([[1, 2], [3], [3], []]);
  });

  test.each(["parents", "children"])(
    "takes an empty list of %s for one that says nothing, where the other end of an edge says it",
    (end) => {
      const document = documentOf("1.5", diamond);
      for (const one of document.workflow.specification.tasks) one[end] = [];
      expect(parse(document).tasks.map(({ parents }) => parents.toSorted())).toEqual([[1, 2], [3], [3], []]);
    },
  );

  test("takes parents alone for true where children are not mentioned", () => {
    const document = documentOf("1.3", diamond);
    for (const one of document.workflow.tasks) delete one.children;
    expect(parse(document).tasks.map(({ parents }) => parents)).toEqual([[2, 1], [3], [3], []]);
  });

  test.each([
    ["its own category", "1.4", { id: "blast_ID01", program: "x" }, "kind"],
    ["its program", "1.5", { id: "blast_ID01", program: "blastall" }, "blastall"],
    ["its name where the program is a script", "1.5", { id: "N.BLAST_4", name: "N.BLAST", program: "mkdir x\n  blast" }, "N.BLAST"],
    ["its id without the number", "1.0", { id: "blast_00000003" }, "blast"],
    ["its id without the number and the letters before it", "1.0", { id: "blast_ID0000003" }, "blast"],
    ["its id where that has no such number", "1.0", { id: "blast3" }, "blast3"],
    ["its id where that is nothing else", "1.0", { id: "_ID3" }, "_ID3"],
  ])("calls the category of a task %s", (_, version, written, category) => {
    expect(read([{ seconds: 1, ...written }], version).tasks[0]?.category).toBe(category);
  });
});

describe("parseWfFormat refuses", () => {
  const edited = (edit: (document: Json) => void, version = "1.5"): string => {
    const document = documentOf(version, diamond);
    edit(document);
    return JSON.stringify(document);
  };
  const specified = (edit: (tasks: Json) => void) => edited(({ workflow }) => edit(workflow.specification.tasks));
  const executed = (edit: (tasks: Json) => void) => edited(({ workflow }) => edit(workflow.execution.tasks));
  const withRuntime = (text: string) => textOf("1.5", diamond).replace('"runtimeInSeconds":0.25', `"runtimeInSeconds":${text}`);
  const years = runtimeMsMax / 1000 + 1;
  const path = "/workflow/specification/tasks";

  test.each([
    ["a text that breaks off", textOf("1.5", diamond).slice(0, 400), "it must be JSON: found its end at line 1, column 401"],
    [
      "a version from the future",
      edited((document) => (document.schemaVersion = "2.0")),
      `/schemaVersion must be one of the versions of WfFormat that are read, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5: found "2.0"`,
    ],
    [
      "no version",
      edited((document) => delete document.schemaVersion),
      "/schemaVersion must be one of the versions of WfFormat that are read, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5: found undefined",
    ],
    ["a list", "[]", "the document must be an object: found []"],
    ["a missing field", specified((tasks) => delete tasks[2].id), `${path}/2 must have required property 'id': found {`],
    ["a field of another type", specified((tasks) => (tasks[1].parents = "a")), `${path}/1/parents must be array: found "a"`],
    ["no tasks", specified((tasks) => tasks.splice(0)), `${path} must NOT have fewer than 1 items: found []`],
    ["an id of two tasks", specified((tasks) => (tasks[2].id = "b")), `${path}/2/id must be unique in its list: found "b" again`],
    ["an id of two jobs", textOf("1.2", [task("a"), task("a")]), 'the id of /workflow/jobs/1 must be unique: found "a" again'],
    ["an id that is no text", textOf("1.5", [task("\ud800")]), `the id of ${path}/0 must be text without half surrogates: found "\\ud800"`],
    [
      "a parent that is no task",
      specified((tasks) => tasks[1].parents.push("z")),
      `${path}/1/parents/1 must refer to exactly one task: found "z", which no task is called`,
    ],
    [
      "a child that is no task",
      specified((tasks) => tasks[1].children.push("z")),
      `${path}/1/children/1 must refer to exactly one task: found "z", which no task is called`,
    ],
    [
      "a name of several tasks as a parent",
      textOf("1.4", [task("1", [], { name: "a", children: [] }), task("2", [], { name: "a", children: [] }), task("3", ["a"])]),
      `/workflow/tasks/2/parents/0 must refer to exactly one task: found "a", which several tasks are called`,
    ],
    [
      "a parent that does not list its child",
      specified((tasks) => tasks[3].children.pop()),
      `${path}/3/children must be the tasks that have "a" as a parent: found no "c", which has`,
    ],
    [
      "a child that has other parents",
      specified((tasks) => tasks[0].children.push("b")),
      `${path}/0/children must be the tasks that have "d" as a parent: found "b", which has not`,
    ],
    [
      "tasks that wait for each other",
      textOf("1.0", [task("x", ["c"]), task("a", ["c"]), task("b", ["a"]), task("c", ["b"])]),
      "/workflow/jobs/3 must not wait for itself: found c -> a -> b -> c",
    ],
    ["a task that waits for itself", textOf("1.5", [task("a", ["a"])]), `${path}/0 must not wait for itself: found a -> a`],
    ["a run time below 0", withRuntime("-1"), `the run time of ${path}/0 must be from 0 to 315360000 s: found -1 s for task "d"`],
    [
      "a run time that never ends",
      withRuntime("1e999"),
      `the run time of ${path}/0 must be from 0 to 315360000 s: found Infinity s for task "d"`,
    ],
    [
      "a run time of more than ten years",
      withRuntime(`${years}`),
      `the run time of ${path}/0 must be from 0 to 315360000 s: found ${years} s for task "d"`,
    ],
    ["a run time that is not a number", withRuntime("NaN"), `it must be JSON: found "NaN,`],
    ["a task without a run time", executed((tasks) => tasks.pop()), `${path}/3 must have a recorded run time: found none for task "a"`],
    [
      "a document without any run time",
      edited(({ workflow }) => delete workflow.execution),
      `${path}/0 must have a recorded run time: found none for task "d"`,
    ],
    [
      "a job without a run time where the schema allows it",
      edited(({ workflow }) => delete workflow.tasks[1].runtime, "1.3"),
      `/workflow/tasks/1 must have a recorded run time: found none for task "b"`,
    ],
    [
      "a run time of no task",
      executed((tasks) => (tasks[1].id = "z")),
      `/workflow/execution/tasks/1/id must be the id of a task in ${path}: found "z"`,
    ],
    [
      "two run times of a task",
      executed((tasks) => (tasks[1].id = "d")),
      `/workflow/execution/tasks/1/id must be unique in its list: found "d" again`,
    ],
    [
      "a file that is not listed",
      specified((tasks) => tasks[1].inputFiles.push("z")),
      `${path}/1/inputFiles/1 must be the id of a file in /workflow/specification/files: found "z"`,
    ],
    [
      "two sizes of a file",
      edited(({ workflow }) => (workflow.specification.files[1].id = "b.txt")),
      `/workflow/specification/files/1/id must be unique in its list: found "b.txt" again`,
    ],
  ])("%s", (_, text, reason) => {
    expect(() => parseWfFormat(text, "trace.json")).toThrow(
      expect.objectContaining({ code: "DF_SPEC_INVALID", message: expect.stringContaining(`Cannot read trace trace.json as ${reason}`) }),
    );
  });

  test("a cycle of many tasks, of which it shows some", () => {
    const ring = Array.from({ length: 500 }, (_, at) => task(`t${at}`, [`t${(at + 499) % 500}`]));
    expect(() => read(ring)).toThrow(/must not wait for itself: found t0 -> t1 -> .* -> … 485 more … -> .* -> t0$/);
  });
});
