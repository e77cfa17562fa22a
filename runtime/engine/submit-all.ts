import type { Run } from "./run.js";

/** How one of many runs ended. `index` is the position of its input. */
export type Settled<Out> =
  | { readonly index: number; readonly runId: string; readonly status: "completed"; readonly output: Out }
  | { readonly index: number; readonly runId: string; readonly status: "failed"; readonly error: Error };

/** Keeps `inFlight` runs under way and gives each as it ends. Stops submitting when the consumer stops reading. */
export async function* submitAll<In, Out>(
  submit: (input: In) => Promise<Run<Out>>,
  inputs: Iterable<In> | AsyncIterable<In>,
  inFlight: number,
): AsyncGenerator<Settled<Out>, void, undefined> {
  const source = Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
  const ended: Settled<Out>[] = [];
  let underWay = 0;
  let index = 0;
  let isExhausted = false;
  let wake: () => void = () => {};
  const follow = async (at: number, input: In) => {
    const settled = await settle(at, submit(input));
    ended.push(settled);
    underWay -= 1;
    wake();
  };
  try {
    for (;;) {
      while (!isExhausted && underWay < inFlight && ended.length < inFlight) {
        const next = await source.next();
        if (next.done === true) isExhausted = true;
        else {
          underWay += 1;
          void follow(index++, next.value);
        }
      }
      for (let one = ended.shift(); one !== undefined; one = ended.shift()) yield one;
      if (isExhausted && underWay === 0 && ended.length === 0) return;
      if (ended.length === 0 && (isExhausted || underWay >= inFlight)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    await source.return?.();
  }
}

async function settle<Out>(index: number, submitted: Promise<Run<Out>>): Promise<Settled<Out>> {
  let runId = "";
  try {
    const run = await submitted;
    runId = run.id;
    return { index, runId, status: "completed", output: await run.result() };
  } catch (error) {
    return { index, runId, status: "failed", error: error instanceof Error ? error : new Error(String(error)) };
  }
}
