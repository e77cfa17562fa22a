export { seededRandom } from "../../actors/kernel/seeded-random.js";

/** Each thing that is left to chance draws from a stream of its own: more draws of one leave the others as they are. */
export const streams = { arrivals: 1, policy: 2, failures: 3, delays: 4, costs: 5 } as const;
