import { seeded } from "../../harness/random.js";

/** A task of a bag. Times in seconds. */
export interface BagTask {
  readonly submit: number;
  readonly duration: number;
}

const TASKS = 1_000;
const SEED = 1;

/** Each found for a weakness: of one order or another. The times are stretched to the load. */
export const adversarialBags: Readonly<Record<string, () => BagTask[]>> = {
  /** A few long tasks come at the head of a crowd of short ones, again and again: whoever lets them go first has all others wait. */
  convoy: () => Array.from({ length: TASKS }, (_, at) => ({ submit: Math.floor(at / 50) * 100, duration: at % 50 < 4 ? 60 : 1 })),
  /** Short tasks come without end beside a few long ones: whoever prefers the short starves the long. */
  stream: () => {
    const random = seeded(SEED);
    return Array.from({ length: TASKS }, (_, at) => ({ submit: at, duration: at % 20 === 10 ? 15 : 0.5 + random() * 0.5 }));
  },
  /** All alike, in bursts: no order is better than another one by length, and every deadline of a burst is pressed at the same time. */
  bursts: () => Array.from({ length: TASKS }, (_, at) => ({ submit: Math.floor(at / 100) * 100, duration: 2 })),
};

/** A bag as the simulator reads it. */
export function bagText(tasks: readonly BagTask[]): string {
  return `submit_time,duration\n${tasks.map(({ submit, duration }) => `${submit},${duration}\n`).join("")}`;
}
