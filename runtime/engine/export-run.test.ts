import { DataFlower } from "dataflower";
import { expect, test } from "vitest";
import type * as Compile from "../authoring/compile.js";
import { openGraph } from "../authoring/topology.js";
import { schemaFaults, warnWithoutSchema } from "../authoring/wfformat/published-schema.fixture.js";
import { pathOfWfId } from "../authoring/wfformat/wf-id.js";
import { exportRun } from "./export-run.js";
import { built, builtUrl } from "./fixtures/built.fixture.js";
import type * as Shapes from "./fixtures/shapes.fixture.js";

warnWithoutSchema("export-run.test.ts: exports by the schema");

const { nested } = await built<typeof Shapes>("shapes");
const { compile }: typeof Compile = await import(builtUrl("runtime/authoring/compile"));

/** Clocks of threads may differ by so much, in ms. */
const clockSlackMs = 1;

interface Document {
  readonly name: string;
  readonly workflow: {
    readonly specification: { readonly tasks: readonly { readonly id: string; readonly parents: readonly string[] }[] };
  };
}

test("a run that workers shared is exported with every task behind those that it waited for", async () => {
  const engine = await DataFlower.start({ workers: 2, store: "memory:", workflows: [nested], record: true });
  try {
    const run = await engine.submit(nested, 12);
    const graph = openGraph(compile(nested).topology);
    const facts = { version: "9.9.9", submittedAt: new Date(0), createdAt: new Date(1) };
    const document = (await exportRun(run, graph, facts)) as Document;
    expect(schemaFaults(document)).toBe(null);
    expect(document.name).toBe("nested");
    const { tasks } = document.workflow.specification;
    const records = new Map((await run.tasks()).map((record) => [record.path, record]));
    expect(new Set(tasks.map(({ id }) => pathOfWfId(id)))).toEqual(new Set(records.keys()));
    const early = tasks.flatMap(({ id, parents }) =>
      parents.filter((parent) => {
        const [endedAt, startedAt] = [records.get(pathOfWfId(parent))?.endedAt, records.get(pathOfWfId(id))?.startedAt];
        return endedAt === undefined || startedAt === undefined || endedAt > startedAt + clockSlackMs;
      }),
    );
    expect(early).toEqual([]);
    expect(tasks.find(({ id }) => id.startsWith("sum_.11."))?.parents.length).toBe(11);
  } finally {
    await engine.close();
  }
});
