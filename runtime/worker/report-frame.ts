/**
 * What a guest tells the home of a run, through the ring between their threads.
 *
 *   word 0      1     2      3       4         5         6                                   7
 *       ├ kind ┼ slot┼ epoch┼ scope ┼ instance┼ attempt ┼ failure: bytes, -1 = sent by port ┼ failure … ┤
 */
export const RUN_ENDED = 1;
export const TASK_FAILED = 2;
export const RETURNED = 3;

export const reportWords = 7;
/** A larger failure goes by MessagePort. */
export const reportFailureBytesMax = 4096;
/** Room that a guest keeps free for what one task may have to report. */
export const reportBytesMax = reportWords * 4 + reportFailureBytesMax;

export interface Report {
  readonly kind: number;
  readonly slot: number;
  readonly epoch: number;
  readonly scope: number;
  readonly instance: number;
  /** The attempt that failed; 0 when the report is of none. */
  readonly attempt: number;
  /** An encoded failure; undefined when it came by port, or when there is none. */
  readonly failure: Uint8Array | undefined;
  readonly isByPort: boolean;
}

export function encodeReport(report: Report): Uint8Array {
  const failureBytes = report.failure?.length ?? 0;
  const frame = new Uint8Array(reportWords * 4 + failureBytes);
  new Int32Array(frame.buffer, 0, reportWords).set([
    report.kind,
    report.slot,
    report.epoch,
    report.scope,
    report.instance,
    report.attempt,
    report.isByPort ? -1 : failureBytes,
  ]);
  if (report.failure !== undefined) frame.set(report.failure, reportWords * 4);
  return frame;
}

/** Reads a frame that take() gave: its first byte is aligned to a word. */
export function decodeReport(frame: Uint8Array): Report {
  const words = new Int32Array(frame.buffer, frame.byteOffset, reportWords);
  const failureBytes = words[6] as number;
  return {
    kind: words[0] as number,
    slot: words[1] as number,
    epoch: words[2] as number,
    scope: words[3] as number,
    instance: words[4] as number,
    attempt: words[5] as number,
    failure: failureBytes > 0 ? frame.slice(reportWords * 4, reportWords * 4 + failureBytes) : undefined,
    isByPort: failureBytes === -1,
  };
}
