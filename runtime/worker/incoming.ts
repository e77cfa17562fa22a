import type { DataFlowerError } from "../../actors/kernel/errors.js";
import { dataToError, type ErrorData } from "../codec/error-codec.js";
import { decodeValue } from "../codec/value-codec.js";
import type { Regions } from "../memory/regions.js";
import type { RingConsumer } from "../memory/ring-consumer.js";
import type { Blob, Blobs } from "./blobs.js";
import { ERROR_BLOB } from "./guest-reports.js";
import { decodeReport, RETURNED, type Report, RUN_ENDED } from "./report-frame.js";
import type { RunRegistry } from "./run-registry.js";
import type { SharedSpace } from "./shared-space.js";

/** Takes in what guests report of runs that are at home here. What names an ended run is stale and dropped. */
export class Incoming {
  readonly #rings: RingConsumer[] = [];
  readonly #registry: RunRegistry;
  /** Errors that came by port, until their report is read. */
  readonly #errors = new Map<string, Uint8Array>();
  /** Where large payloads come from. Set once, by the composition root. */
  blobs!: Blobs;
  /** Reports dropped because their run had ended. */
  staleCount = 0;

  constructor(regions: Regions, worker: number, registry: RunRegistry) {
    this.#registry = registry;
    for (let thread = 0; thread < regions.plan.workers; thread++) {
      if (thread !== worker) this.#rings.push(regions.ring(thread, worker).claimConsumer());
    }
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
    return hasReceived;
  }

  /** Keeps a payload that a guest has sent by port. */
  keepBlob(blob: Blob): void {
    const run = this.#registry.home(blob.slot, blob.epoch); // a run that is over may still be reading its result
    if (run === undefined) return;
    if (blob.instance <= ERROR_BLOB) this.#errors.set(errorKey(run, blob.scope, ERROR_BLOB - blob.instance), blob.bytes);
    else (run.space as SharedSpace).receive(blob.scope, blob.instance, blob.bytes);
  }

  #deliver(report: Report): void {
    const run = this.#registry.home(report.slot, report.epoch);
    if (run === undefined || run.isOver) {
      this.staleCount += 1;
      if (report.isByPort) this.#takeError(report);
      return;
    }
    if (report.kind === RUN_ENDED) {
      run.actor.tell({ kind: "guest-ended-run" });
      return;
    }
    const scope = (run.space as SharedSpace).scopeAt(report.scope, 0, 0);
    const { instance, attempts } = report;
    if (report.kind === RETURNED) run.actor.tell({ kind: "guest-returned", scope, instance });
    else run.actor.tell({ kind: "guest-task-failed", scope, instance, attempts, error: errorOf(report.error ?? this.#takeError(report)) });
  }

  /** The error of a report that came by port: posted before it. */
  #takeError(report: Report): Uint8Array {
    const key = errorKey(report, report.scope, report.instance);
    if (!this.#errors.has(key)) this.blobs.drain();
    const bytes = this.#errors.get(key) as Uint8Array; // of an ended run it may be missing, but then nobody wants it
    this.#errors.delete(key);
    return bytes;
  }
}

function errorOf(bytes: Uint8Array): DataFlowerError {
  return dataToError(decodeValue(bytes) as ErrorData) as DataFlowerError; // encoded by GuestReports.taskFailed()
}

function errorKey({ slot, epoch }: Pick<Report, "slot" | "epoch">, scope: number, instance: number): string {
  return `${slot}:${epoch}:${scope}:${instance}`;
}
