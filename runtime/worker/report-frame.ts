/**
 * What a guest tells the home of a run, through the ring between their threads.
 *
 *   word 0      1     2      3       4         5         6
 *       ├ kind ┼ slot┼ epoch┼ scope ┼ instance┼ attempts┼ error: bytes, -1 = sent by port ┼ error bytes … ┤
 */
export const RUN_ENDED = 1;
export const TASK_FAILED = 2;
export const RETURNED = 3;

export const reportWords = 7;
/** A larger error goes by MessagePort. */
export const reportErrorBytesMax = 4096;
/** Room that a guest keeps free for what one task may have to report. */
export const reportBytesMax = reportWords * 4 + reportErrorBytesMax;

export interface Report {
  readonly kind: number;
  readonly slot: number;
  readonly epoch: number;
  readonly scope: number;
  readonly instance: number;
  readonly attempts: number;
  /** Encoded error; undefined when it came by port, or when there is none. */
  readonly error: Uint8Array | undefined;
  readonly isByPort: boolean;
}

export function encodeReport(report: Report): Uint8Array {
  const errorBytes = report.error?.length ?? 0;
  const frame = new Uint8Array(reportWords * 4 + errorBytes);
  new Int32Array(frame.buffer, 0, reportWords).set([
    report.kind,
    report.slot,
    report.epoch,
    report.scope,
    report.instance,
    report.attempts,
    report.isByPort ? -1 : errorBytes,
  ]);
  if (report.error !== undefined) frame.set(report.error, reportWords * 4);
  return frame;
}

/** Reads a frame that take() gave: its first byte is aligned to a word. */
export function decodeReport(frame: Uint8Array): Report {
  const words = new Int32Array(frame.buffer, frame.byteOffset, reportWords);
  const errorBytes = words[6] as number;
  return {
    kind: words[0] as number,
    slot: words[1] as number,
    epoch: words[2] as number,
    scope: words[3] as number,
    instance: words[4] as number,
    attempts: words[5] as number,
    error: errorBytes > 0 ? frame.slice(reportWords * 4, reportWords * 4 + errorBytes) : undefined,
    isByPort: errorBytes === -1,
  };
}
