/** What `node --cpu-prof` writes of one thread: a tree of calls, and which of them was met at each look. Times in µs. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  /** Id of the node that was executing, look by look. */
  readonly samples: readonly number[];
  /** Time before each look since the one before it. */
  readonly timeDeltas: readonly number[];
}

/** A function. What is none has a name in parentheses and no address: `(idle)`, `(garbage collector)`, `(program)`. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** Counted from 0. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** How much of a thread's time one function took by itself, without what it called. */
export interface SelfTime {
  readonly frame: CallFrame;
  /** Of the time looked at: 0 to 1. */
  readonly share: number;
}

/**
 * Functions by the time that they took themselves, longest first. A look stands for the time until the next one.
 *
 * @param fromUs so much of the beginning is left out
 */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile, fromUs: number): SelfTime[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, { frame: CallFrame; us: number }>();
  let at = 0;
  let total = 0;
  for (let look = 0; look + 1 < samples.length; look++) {
    at += timeDeltas[look]!;
    if (at < fromUs) continue;
    const frame = frames.get(samples[look]!)!; // a tree holds what was met
    const key = `${frame.url}:${frame.lineNumber}:${frame.columnNumber}:${frame.functionName}`; // many nodes of the tree are one function
    const time = times.get(key) ?? { frame, us: 0 };
    time.us += timeDeltas[look + 1]!;
    times.set(key, time);
    total += timeDeltas[look + 1]!;
  }
  return [...times.values()].map(({ frame, us }) => ({ frame, share: us / total })).sort((a, b) => b.share - a.share);
}
