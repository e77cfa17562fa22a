import type { Regions } from "../memory/regions.js";
import type { RingConsumer } from "../memory/ring-consumer.js";
import type { Blob, Blobs } from "./blobs.js";
import { type Command, decodeCommand } from "./command-frame.js";
import { decodeFailure } from "./failure-codec.js";
import { FAILURE_BLOB } from "./guest-reports.js";
import { decodeReport, RETURNED, type Report, RUN_ENDED } from "./report-frame.js";
import type { RunRegistry } from "./run-registry.js";
import type { SharedSpace } from "./shared-space.js";

/** Takes in what guests report of runs that are at home here, and what the control thread wants. What names an ended run is stale and dropped. */
export class Incoming {
  readonly #rings: RingConsumer[] = [];
  readonly #commands: RingConsumer;
  readonly #registry: RunRegistry;
  /** Failures that came by port, until their report is read. */
  readonly #failures = new Map<string, Uint8Array>();
  /** Where large payloads come from. Set once, by the composition root. */
  blobs!: Blobs;
  /** Told what the control thread wants. Set once, by the composition root. */
  onCommand!: (command: Command) => void;
  /** Reports dropped because their run had ended. */
  staleCount = 0;

  constructor(regions: Regions, worker: number, registry: RunRegistry) {
    this.#registry = registry;
    for (let thread = 0; thread < regions.plan.workers; thread++) {
      if (thread !== worker) this.#rings.push(regions.ring(thread, worker).claimConsumer());
    }
    this.#commands = regions.ring(regions.plan.control, worker).claimConsumer();
  }

  /** Hands every report to its run's workflow actor; true when there was one. */
  drain(): boolean {
    let hasReceived = false;
    for (const ring of this.#rings) {
      for (let frame = ring.take(); frame !== undefined; frame = ring.take()) {
        hasReceived = true;
        this.#deliver(decodeReport(frame));
      }
    }
    for (let frame = this.#commands.take(); frame !== undefined; frame = this.#commands.take()) {
      hasReceived = true;
      this.onCommand(decodeCommand(frame));
    }
    return hasReceived;
  }

  /** Keeps a payload that a guest has sent by port. */
  keepBlob(blob: Blob): void {
    const run = this.#registry.home(blob.slot, blob.epoch); // a run that is over may still be reading its result
    if (run === undefined) return;
    if (blob.instance <= FAILURE_BLOB) this.#failures.set(failureKey(run, blob.scope, FAILURE_BLOB - blob.instance), blob.bytes);
    else (run.space as SharedSpace).receive(blob.scope, blob.instance, blob.bytes);
  }

  #deliver(report: Report): void {
    const run = this.#registry.home(report.slot, report.epoch);
    if (run === undefined || run.isOver) {
      this.staleCount += 1;
      if (report.isByPort) this.#takeFailure(report);
      return;
    }
    if (report.kind === RUN_ENDED) {
      run.actor.tell({ kind: "guest-ended-run" });
      return;
    }
    const scope = (run.space as SharedSpace).scopeAt(report.scope, 0, 0);
    const { instance, attempt } = report;
    if (report.kind === RETURNED) {
      run.actor.tell({ kind: "guest-returned", scope, instance });
      return;
    }
    const bytes = report.failure ?? this.#takeFailure(report);
    if (bytes === undefined) {
      this.staleCount += 1; // its sender's thread has ended before us: the run starts again
      return;
    }
    const failure = decodeFailure(bytes);
    run.actor.tell({ kind: "guest-task-failed", scope, instance, attempt, failure });
  }

  /** The failure of a report, when it came by port: posted before it. */
  #takeFailure(report: Report): Uint8Array | undefined {
    const key = failureKey(report, report.scope, report.instance);
    if (!this.#failures.has(key)) this.blobs.drain();
    const bytes = this.#failures.get(key);
    this.#failures.delete(key);
    return bytes;
  }
}

function failureKey({ slot, epoch }: Pick<Report, "slot" | "epoch">, scope: number, instance: number): string {
  return `${slot}:${epoch}:${scope}:${instance}`;
}
