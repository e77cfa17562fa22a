import { InHand } from "../../runtime/memory/in-hand.js";

/** What it costs to say that an attempt starts. */
export interface InHandParameters {
  readonly measure: "in-hand";
  readonly repeats: number;
  /** Calls timed together; reading the clock costs more than one. */
  readonly calls: number;
}

export interface InHandSample {
  /** Of one call, each repeat. */
  readonly beginNs: readonly number[];
}

/** Times `begin()` in a loop, after one repeat that does not count. */
export function measureInHand({ repeats, calls }: InHandParameters): InHandSample {
  const buffer = new SharedArrayBuffer(InHand.bytes());
  const inHand = new InHand(buffer, 0);
  callBegin(inHand, calls);
  const beginNs = Array.from({ length: repeats }, () => {
    const start = process.hrtime.bigint();
    callBegin(inHand, calls);
    return Number(process.hrtime.bigint() - start) / calls;
  });
  if (inHand.read()?.positions[0] !== calls - 1) throw new Error("Cannot count this as the last call must be on record");
  return { beginNs };
}

/** As a worker does it: the task's number changes from call to call, in an array that stays. */
function callBegin(inHand: InHand, calls: number): void {
  const positions = new Int32Array(1);
  for (let task = 0; task < calls; task++) {
    positions[0] = task;
    inHand.begin(1, 1, 1, positions, 1);
  }
}
