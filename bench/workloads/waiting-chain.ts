import { setTimeout as sleep } from "node:timers/promises";
import { chain } from "./chain.js";
import { type Output, step, type TaskGraph } from "./task-graph.js";

/** Tasks one after the other each of which waits for a timer, as for a service or a disk that answers after so long, and computes next to nothing. */
export interface WaitingChain {
  readonly tasks: number;
  readonly waitMs: number;
}

/** Its edges and answers are those of a chain. */
export function waitingChain({ tasks, waitMs }: WaitingChain): TaskGraph {
  return { ...chain(tasks), name: `waiting-chain-${tasks}-${waitMs}` };
}

/** The body of its tasks. */
export function waitingStep(waitMs: number) {
  return async (inputs: readonly Output[]): Promise<Output> => {
    await sleep(waitMs);
    return step(inputs);
  };
}
