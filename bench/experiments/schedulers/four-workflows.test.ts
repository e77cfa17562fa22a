import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { sharedDataOf } from "../../workloads/recorded-traces.js";
import {
  bytesPerMs,
  type Figure,
  fourWorkflows,
  instancesOf,
  sources,
  type TabledFunction,
  type TabledWorkflow,
} from "./four-workflows.js";

const figuresOf = ({ width, computeMs, waitMs, readBytes, writtenBytes, peakMb }: TabledFunction): readonly Figure[] => [
  width,
  computeMs,
  waitMs,
  readBytes,
  writtenBytes,
  peakMb,
];

test("every figure is one, and names a source; every source is named", () => {
  const figures = fourWorkflows.flatMap(({ functions }) => functions.flatMap(figuresOf));
  expect(figures.every(({ value }) => Number.isFinite(value) && value >= 0)).toBe(true);
  expect(new Set(figures.map(({ source }) => source))).toEqual(new Set(Object.keys(sources)));
});

test("instances stand behind what they wait for, as wide as their functions are", () => {
  const counts = fourWorkflows.map((workflow) => [workflow.name, instancesOf(workflow).length]);
  expect(counts).toEqual([
    ["recognizer", 7],
    ["svd", 18],
    ["video", 6],
    ["wordcount", 10],
  ]);
  for (const workflow of fourWorkflows) {
    instancesOf(workflow).forEach(({ after }, position) => void expect(after.every((before) => before < position)).toBe(true));
  }
  const merge = instancesOf(fourWorkflows[3]!).at(-1)!;
  expect(merge).toEqual({
    name: "wordcount__merge",
    ioMs: (736_992 + 325_053) / bytesPerMs,
    cpuMs: 50,
    peakMb: 66,
    after: [...Array(9).keys()],
  });
});

const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));
const sharedData = sharedDataOf(packageRoot);
if (sharedData === undefined) console.warn("SKIPPED shapes of the four workflows: there is no third-party data in ../shared/data");

/** What leads from one function to others, as the workflow files have it: functions, blocks, inputs. */
type Destinations = Readonly<Record<string, unknown>>;

interface Block {
  readonly type: "NORMAL" | "SWITCH";
  readonly output_datas: Readonly<Record<string, { readonly type: string; readonly dest?: Destinations }>>;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, Destinations>>>>;
}

interface WorkflowFile {
  readonly global_inputs: Readonly<Record<string, { readonly dest: Destinations }>>;
  readonly templates: Readonly<Record<string, { readonly blocks: { readonly block_0: Block } }>>;
}

interface FlatFile {
  readonly functions: readonly {
    readonly name: string;
    readonly runtime: number;
    readonly mem_usage: number;
    readonly split_ratio?: number;
  }[];
}

describe.skipIf(sharedData === undefined)("beside the published files", () => {
  const fileOf = (path: string): unknown => parse(readFileSync(`${sharedData}faasflow/${path}`, "utf8"));
  const publishedOf = ({ name }: TabledWorkflow) => fileOf(`v2-dataflower/${name}.workflow_info.yaml`) as WorkflowFile;

  /** `from → to`, with each SWITCH at its arm. */
  function edgesOf({ templates }: WorkflowFile, arms: TabledWorkflow["arms"]): Set<string> {
    const edges = new Set<string>();
    for (const [from, { blocks }] of Object.entries(templates)) {
      const { output_datas, conditions, type } = blocks.block_0;
      expect(type === "SWITCH").toBe(from in arms);
      const chosen = type === "SWITCH" ? Object.values(conditions![arms[from]!]!) : [];
      for (const dest of [...Object.values(output_datas).map((data) => data.dest ?? {}), ...chosen]) {
        for (const to of Object.keys(dest)) if (to !== "$USER") edges.add(`${from} → ${to}`);
      }
    }
    return edges;
  }

  /** Those that something leads to, from the input of the workflow on. */
  function reachedOf({ global_inputs }: WorkflowFile, edges: ReadonlySet<string>): Set<string> {
    const reached = new Set(Object.values(global_inputs).flatMap(({ dest }) => Object.keys(dest)));
    for (const from of reached) for (const edge of edges) if (edge.startsWith(`${from} → `)) reached.add(edge.split(" → ")[1]!);
    return reached;
  }

  test.each(fourWorkflows.map((workflow) => [workflow.name, workflow] as const))(
    "%s has the functions and edges of its file",
    (_, workflow) => {
      const published = publishedOf(workflow);
      const edges = edgesOf(published, workflow.arms);
      const tabled = workflow.functions.flatMap(({ name, after }) => after.map((before) => `${before} → ${name}`));
      const reached = reachedOf(published, edges);
      expect(new Set(workflow.functions.map(({ name }) => name))).toEqual(reached);
      expect(new Set(tabled)).toEqual(new Set([...edges].filter((edge) => reached.has(edge.split(" → ")[0]!))));
    },
  );

  test.each(fourWorkflows.map((workflow) => [workflow.name, workflow] as const))(
    "%s is wide where its file has a FOREACH",
    (_, workflow) => {
      const wide = new Set<string>();
      for (const { blocks } of Object.values(publishedOf(workflow).templates))
        for (const { type, dest = {} } of Object.values(blocks.block_0.output_datas))
          if (type === "FOREACH") for (const name of Object.keys(dest)) wide.add(name);
      expect(new Set(workflow.functions.filter(({ width }) => width.value > 1).map(({ name }) => name))).toEqual(wide);
    },
  );

  const earlier = { recognizer: "illgal_recognizer", video: "video", wordcount: "wordcount" } as const;

  test.each(Object.entries(earlier))("%s runs as long as is recorded of %s", (name, file) => {
    const { functions } = fileOf(`v1.1/${file}.flat_workflow.yaml`) as FlatFile;
    for (const tabled of fourWorkflows.find((workflow) => workflow.name === name)!.functions) {
      const bare = tabled.name.split("__")[1]!;
      const recorded = functions.find((one) => one.name === bare || one.name === `word_${bare}`)!;
      expect(tabled.computeMs.value + tabled.waitMs.value).toBeCloseTo(recorded.runtime * 1e3, 9);
      expect(recorded.mem_usage).toBe(0.25);
      if (tabled.width.source === "v1.1 split_ratio") expect(tabled.width.value).toBe(recorded.split_ratio);
    }
  });

  test("words are counted in as many texts as there are", () => {
    const { width } = fourWorkflows[3]!.functions[1]!;
    expect(readdirSync(`${sharedData}faasflow/wordcount-inputs`).length).toBe(width.value);
  });
});
