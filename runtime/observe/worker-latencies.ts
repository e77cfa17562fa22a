import type { LatencyRecorder } from "../../actors/ports.js";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import { type LatencySnapshot, LogLinearHistogram } from "./log-linear-histogram.js";

interface TaskLatencies {
  readonly queue: LogLinearHistogram;
  readonly service: LogLinearHistogram;
}

/** Histograms of one worker: queueing and service per handler of each workflow, and hops. */
export class WorkerLatencies implements LatencyRecorder {
  readonly #byWorkflow = new Map<LoadedWorkflow, TaskLatencies[]>();
  readonly #hop = new LogLinearHistogram();
  #recent: LoadedWorkflow | undefined;
  #recentLatencies: TaskLatencies[] = [];

  queue(task: ReadyTask, ms: number): void {
    this.#of(task).queue.record(ms);
  }

  service(task: ReadyTask, ms: number): void {
    this.#of(task).service.record(ms);
  }

  hop(ms: number): void {
    this.#hop.record(ms);
  }

  /** Counts of one kind; of all tasks, or of those that carry a name. */
  snapshot(kind: "queue" | "service" | "hop", task?: string): LatencySnapshot[] {
    if (kind === "hop") return [this.#hop.snapshot()];
    const found: LatencySnapshot[] = [];
    for (const [workflow, latencies] of this.#byWorkflow) {
      latencies.forEach((latency, handler) => {
        if (task === undefined || nameOf(workflow, handler) === task) found.push(latency[kind].snapshot());
      });
    }
    return found;
  }

  #of(task: ReadyTask): TaskLatencies {
    const { workflow } = task.run;
    if (workflow !== this.#recent) this.#select(workflow);
    const handler = workflow.graph.handler[task.node] as number;
    let latencies = this.#recentLatencies[handler];
    if (latencies === undefined) {
      latencies = { queue: new LogLinearHistogram(), service: new LogLinearHistogram() };
      this.#recentLatencies[handler] = latencies;
    }
    return latencies;
  }

  #select(workflow: LoadedWorkflow): void {
    let latencies = this.#byWorkflow.get(workflow);
    if (latencies === undefined) {
      latencies = [];
      this.#byWorkflow.set(workflow, latencies);
    }
    this.#recent = workflow;
    this.#recentLatencies = latencies;
  }
}

function nameOf(workflow: LoadedWorkflow, handler: number): string {
  return (workflow.handlers[handler] as { name?: string } | undefined)?.name ?? "";
}
