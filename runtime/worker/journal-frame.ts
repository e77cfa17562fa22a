/**
 * A batch of events, from a worker to the control thread, through the ring in which the ends of runs go: so each of them follows what was
 * recorded of its run.
 *
 *   word 0      1       2         3
 *        ├ batch ┼ bytes ┼ JOURNAL ┼ events … ┤
 *
 * bytes < 0: so many came by port, ahead of the frame.
 */
import type { BlobKey } from "./blobs.js";

/** Stands where the frame of a result has its outcome; see result-frame.ts. */
export const JOURNAL = 3;

const HEADER_BYTES = 12;

/** A larger batch goes by MessagePort. */
export const journalInlineBytesMax = 32 * 1024;

/** Where a batch that travels by port is found: at a slot that no run has. */
export function journalBlob(worker: number, batch: number): BlobKey {
  return { slot: -1 - worker, epoch: batch, scope: 0, instance: 0 };
}

export function journalFrameBytes(eventBytes: number): number {
  return HEADER_BYTES + eventBytes;
}

/** Writes a batch into reserved room of a ring; `byteOffset` is aligned to a word. */
export function writeJournalFrame(
  { ints, bytes }: { readonly ints: Int32Array; readonly bytes: Uint8Array },
  byteOffset: number,
  batch: number,
  events: Uint8Array,
): void {
  const at = byteOffset >> 2;
  const isByPort = events.length > journalInlineBytesMax;
  ints[at] = batch;
  ints[at + 1] = isByPort ? -events.length : events.length;
  ints[at + 2] = JOURNAL;
  if (!isByPort) bytes.set(events, byteOffset + HEADER_BYTES);
}

/** The events of a frame, in memory of their own; undefined when they come by port. @param word the frame's second */
export function journalEvents(word: number, frame: Uint8Array): Uint8Array | undefined {
  return word < 0 ? undefined : new Uint8Array(frame.subarray(HEADER_BYTES, HEADER_BYTES + word));
}
