import type { LatencyRecorder } from "../../actors/ports.js";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { WorkerLatencyKind } from "./latency.js";
import { type LatencySnapshot, LogLinearHistogram } from "./log-linear-histogram.js";

/** Task names of one workflow that have histograms of their own; the rest share one. */
export const labelsMax = 1000;
const otherLabels = "(others)";

interface TaskLatencies {
  readonly queue: LogLinearHistogram;
  readonly service: LogLinearHistogram;
}

/** Histograms of one worker: queueing and service per task name of each workflow, hops, and cold starts. */
export class WorkerLatencies implements LatencyRecorder {
  readonly #byWorkflow = new Map<LoadedWorkflow, WorkflowLatencies>();
  readonly #hop = new LogLinearHistogram();
  readonly #coldStart = new LogLinearHistogram();
  #recent: LoadedWorkflow | undefined;
  #latencies: WorkflowLatencies = new WorkflowLatencies(0);

  task(task: ReadyTask, startedAt: number, endedAt: number): void {
    const { workflow } = task.run;
    if (workflow !== this.#recent) this.#select(workflow);
    const { queue, service } = this.#latencies.of(task.node) ?? this.#latencies.add(task.node, workflow.graph.label(task.node));
    queue.record(startedAt - task.readyAt);
    service.record(endedAt - startedAt);
  }

  hop(ms: number): void {
    this.#hop.record(ms);
  }

  coldStart(ms: number): void {
    this.#coldStart.record(ms);
  }

  /** Counts of one kind; of all tasks, or of those of one name. */
  snapshot(kind: WorkerLatencyKind, task?: string): LatencySnapshot[] {
    if (kind === "hop") return [this.#hop.snapshot()];
    if (kind === "cold-start") return [this.#coldStart.snapshot()];
    return [...this.#byWorkflow.values()].flatMap((latencies) => latencies.named(task)).map((latency) => latency[kind].snapshot());
  }

  #select(workflow: LoadedWorkflow): void {
    let latencies = this.#byWorkflow.get(workflow);
    if (latencies === undefined) {
      latencies = new WorkflowLatencies(workflow.graph.nodeCount);
      this.#byWorkflow.set(workflow, latencies);
    }
    this.#recent = workflow;
    this.#latencies = latencies;
  }
}

/** Histograms of one workflow, found by node: many nodes may carry one name. */
class WorkflowLatencies {
  readonly #byLabel = new Map<string, number>();
  readonly #latencies: TaskLatencies[] = [];
  /** Position in the list + 1 of each node; 0: not known yet. */
  readonly #places: Int32Array;

  constructor(nodeCount: number) {
    this.#places = new Int32Array(nodeCount);
  }

  of(node: number): TaskLatencies | undefined {
    return this.#latencies[(this.#places[node] as number) - 1];
  }

  add(node: number, label: string): TaskLatencies {
    const name = this.#byLabel.has(label) || this.#byLabel.size < labelsMax ? label : otherLabels;
    let place = this.#byLabel.get(name);
    if (place === undefined) {
      place = this.#latencies.push({ queue: new LogLinearHistogram(), service: new LogLinearHistogram() });
      this.#byLabel.set(name, place);
    }
    this.#places[node] = place;
    return this.#latencies[place - 1] as TaskLatencies; // just looked up or added
  }

  named(task: string | undefined): readonly TaskLatencies[] {
    if (task === undefined) return this.#latencies;
    const place = this.#byLabel.get(task);
    return place === undefined ? [] : [this.#latencies[place - 1] as TaskLatencies];
  }
}
