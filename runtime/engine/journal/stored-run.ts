import { hash } from "node:crypto";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { decodeValue, encodeTrusted } from "../../codec/value-codec.js";
import type { RunStatus } from "../run.js";

/** What a journal knows of a run from its acceptance on. Times in ms of wall-clock time. */
export interface Acceptance {
  readonly id: string;
  readonly workflow: string;
  /** Of the workflow's definition: see CompiledWorkflow. */
  readonly definition: string;
  readonly priority: number;
  readonly submittedAt: number;
  /** NaN: none. */
  readonly deadline: number;
  /** NaN: none. */
  readonly timeoutAt: number;
  /** Encoded. */
  readonly input: Uint8Array;
}

/** What the index says of a run. */
export interface RunEntry {
  readonly workflow: string;
  readonly status: RunStatus;
  /** In ms of wall-clock time; NaN: it has not ended. */
  readonly submittedAt: number;
  readonly endedAt: number;
  /** Of the encoded input: the same id with another input is another run. */
  readonly inputHash: string;
  /** Encoded input and end. */
  readonly bytes: number;
}

/** How a run ended. */
export interface RunEnd {
  readonly status: "completed" | "failed" | "cancelled";
  /** Encoded: the output, or the data of the error. */
  readonly body: Uint8Array;
  /** Tasks executed, by worker, by the last of its homes. */
  readonly tasks: readonly number[];
  readonly workUs: readonly number[];
  /** From the moment a worker took the run to its end, in ms. */
  readonly makespanMs: number;
  /** From submission to the moment a worker took it, in ms. */
  readonly waitMs: number;
  /** Encoded acceptance of a run that did not complete: it can be tried again. */
  readonly acceptance?: Uint8Array | undefined;
}

export const encodeAcceptance = (acceptance: Acceptance): Uint8Array => encodeTrusted(acceptance);

export const decodeAcceptance = (bytes: Uint8Array): Acceptance => decodeValue(bytes) as Acceptance; // encoded above

export const encodeEntry = (entry: RunEntry): Uint8Array => encodeTrusted(entry);

/** @throws DF_CHECKPOINT_CORRUPT */
export function decodeEntry(id: string, bytes: Uint8Array): RunEntry {
  return decodeOf(id, bytes) as RunEntry; // encoded above
}

export const encodeEnd = (end: RunEnd): Uint8Array => encodeTrusted(end);

/** @throws DF_CHECKPOINT_CORRUPT */
export function decodeEnd(id: string, bytes: Uint8Array): RunEnd {
  return decodeOf(id, bytes) as RunEnd; // encoded above
}

export function inputHashOf(input: Uint8Array): string {
  return hash("sha256", input, "hex");
}

function decodeOf(id: string, bytes: Uint8Array): unknown {
  try {
    return decodeValue(bytes);
  } catch (cause) {
    throw new DataFlowerError("DF_CHECKPOINT_CORRUPT", `Cannot read run ${id} as the store must hold what was written: it is damaged`, {
      cause,
      runId: id,
    });
  }
}
