import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plainMachines, readWorkload, type SimulatedRun, type SimulatedWorkflow, type WorkloadOptions } from "dataflower/simulation";
import { bagFile } from "../../workloads/recorded-bag.js";
import { recordedTraces } from "../../workloads/recorded-traces.js";
import { adversarialBags, bagText } from "./adversarial.js";
import { fourWorkflows } from "./four-workflows.js";
import { recordedTrace } from "./recorded-trace.js";

/** Runs on machines of one task each: what all policies are tried on. */
export interface Instance {
  readonly name: string;
  /** What it is, in one line. */
  readonly title: string;
  readonly machines: number;
  /** Each run with a deadline: its longest path times 1.5 to 10, by the golden section. */
  runsAt(load: number): SimulatedRun[];
}

/** Files that workloads are read from, for as long as they are needed. */
export class InstanceFiles {
  readonly #folder = mkdtempSync(join(tmpdir(), "dataflower-trial-"));

  write(name: string, text: string): string {
    const file = join(this.#folder, name);
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

type Source = Omit<WorkloadOptions, "load" | "machines">;

/** @param sharedData folder of the third-party data; undefined: only what needs none of it */
export function instances(files: InstanceFiles, sharedData: string | undefined, isQuick: boolean): Instance[] {
  return [...(sharedData === undefined ? [] : recorded(sharedData, isQuick)), ...tabled(files, isQuick), ...adversarial(files)];
}

function recorded(sharedData: string, isQuick: boolean): Instance[] {
  const traces = recordedTraces(sharedData);
  const small = traces.filter(({ name }) => name.startsWith("blast-chameleon-small"));
  return [
    instance("traces", "25 recorded workflows in turn, Poisson arrivals", 16, {
      files: traces.map(({ file }) => file),
      runs: isQuick ? 5 : 100,
      arrivals: { kind: "poisson", perSecond: 1 },
    }),
    instance("cluster", "the first 2,000 tasks of a cluster, as they were submitted", 40, {
      files: [bagFile(sharedData)],
      runs: isQuick ? 200 : 2_000,
    }),
    instance("bursty", "a small recorded workflow, arrivals of a bursty service", 8, {
      files: small.map(({ file }) => file),
      runs: isQuick ? 20 : 500,
      arrivals: { kind: "file", file: `${sharedData}azure/AzureLLMInferenceTrace_code.csv` },
    }),
  ];
}

function tabled(files: InstanceFiles, isQuick: boolean): Instance[] {
  const written = fourWorkflows.map((workflow) => files.write(`${workflow.name}.json`, JSON.stringify(recordedTrace(workflow))));
  return [
    instance("four", "the four workflows of the DataFlower paper in turn, Poisson arrivals", 8, {
      files: written,
      runs: isQuick ? 8 : 400,
      arrivals: { kind: "poisson", perSecond: 1 },
    }),
  ];
}

function adversarial(files: InstanceFiles): Instance[] {
  return Object.entries(adversarialBags).map(([name, tasks]) =>
    instance(name, "made to be hard for some order", 4, { files: [files.write(`${name}.csv`, bagText(tasks()))] }),
  );
}

function instance(name: string, title: string, machines: number, source: Source): Instance {
  const runsAt = (load: number) => withDeadlines([...readWorkload({ ...source, load, machines: plainMachines(machines) })]);
  return { name, title, machines, runsAt };
}

function withDeadlines(runs: readonly SimulatedRun[]): SimulatedRun[] {
  const known = new Map<SimulatedWorkflow, number>();
  return runs.map((run, index) => {
    const pathMs = known.get(run.workflow) ?? longestPathMs(run.workflow);
    known.set(run.workflow, pathMs);
    return { ...run, deadlineMs: run.submitMs + pathMs * (1.5 + 8.5 * ((0.6180339887 * index) % 1)) };
  });
}

/** Of a workflow without maps. */
function longestPathMs({ graph, durationMs }: SimulatedWorkflow): number {
  const behind = new Float64Array(graph.nodeCount).fill(Number.NaN);
  const from = (node: number): number => {
    if (!Number.isNaN(behind[node])) return behind[node]!;
    let longestMs = 0;
    for (let at = graph.successorFirst[node]!; at < graph.successorFirst[node + 1]!; at++) {
      longestMs = Math.max(longestMs, from(graph.successor[at]!));
    }
    behind[node] = longestMs + (graph.handler[node]! < 0 ? 0 : durationMs(node));
    return behind[node]!;
  };
  return Array.from({ length: graph.nodeCount }, (_, node) => from(node)).reduce((longest, ms) => Math.max(longest, ms), 0);
}
