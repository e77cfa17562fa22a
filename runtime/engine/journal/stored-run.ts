import { hash } from "node:crypto";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { damagedRun, decodeRunFrame, encodeRunFrame, type RunFrameKind } from "../../codec/run-frame.js";
import { decodeValue, encodeTrusted } from "../../codec/value-codec.js";
import type { JournalView } from "../../stores/store.js";
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

export const encodeEntry = (id: string, entry: RunEntry): Uint8Array => encodeRunFrame("entry", id, encodeTrusted(entry));

/** @throws DF_CHECKPOINT_CORRUPT, DF_CHECKPOINT_VERSION */
export function decodeEntry(id: string, bytes: Uint8Array): RunEntry {
  return decodeOf("entry", id, bytes) as RunEntry; // encoded above
}

export const encodeEnd = (id: string, end: RunEnd): Uint8Array => encodeRunFrame("end", id, encodeTrusted(end));

/** @throws DF_CHECKPOINT_CORRUPT, DF_CHECKPOINT_VERSION */
export function decodeEnd(id: string, bytes: Uint8Array): RunEnd {
  return decodeOf("end", id, bytes) as RunEnd; // encoded above
}

/** All entries, in the order of their ids; undefined for one that is damaged. @throws DF_CHECKPOINT_VERSION */
export async function* entriesOf(journal: JournalView): AsyncGenerator<{ readonly id: string; readonly entry: RunEntry | undefined }> {
  let page = await journal.runs(undefined, pageRuns);
  while (page.length > 0) {
    for (const { id, entry } of page) yield { id, entry: readable(id, entry) };
    page = await journal.runs(page.at(-1)?.id, pageRuns);
  }
}

const pageRuns = 1000;

function readable(id: string, bytes: Uint8Array): RunEntry | undefined {
  try {
    return decodeEntry(id, bytes);
  } catch (error) {
    if (isDamaged(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that what is stored of a run is damaged. */
export const isDamaged = (error: unknown): boolean => error instanceof DataFlowerError && error.code === "DF_CHECKPOINT_CORRUPT";

export function inputHashOf(input: Uint8Array): string {
  return hash("sha256", input, "hex");
}

function decodeOf(kind: RunFrameKind, id: string, bytes: Uint8Array): unknown {
  const body = decodeRunFrame(kind, id, bytes);
  try {
    return decodeValue(body);
  } catch (cause) {
    throw damagedRun(id, "damaged bytes", cause);
  }
}
