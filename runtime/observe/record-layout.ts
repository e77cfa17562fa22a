/**
 * Records of attempts as a worker keeps them and hands them over: numbers, one record behind the other.
 *
 *   ├ words ┼ order ┼ fence ┼ started ┼ ended ┼ node ┼ attempt ┼ returned: 1 or 0 ┼ position … ┤
 *
 * `words` is the length of the whole record. Order and fence name the run, and which life of it. Times are in ms on the engine's clock.
 * Positions are those of map elements, innermost first; in front of them a call of a reduce has the length of its list and its own
 * position. (To keep the task itself would be to keep all that its run had in memory.)
 */

import { positionsMax } from "../memory/in-hand.js";

export const WORDS = 0;
export const ORDER = 1;
export const FENCE = 2;
export const STARTED = 3;
export const ENDED = 4;
export const NODE = 5;
export const ATTEMPT = 6;
export const RETURNED = 7;
export const POSITIONS = 8;

/** Those of a call of a reduce within as many maps as there may be. */
export const recordWordsMax = POSITIONS + 1 + positionsMax;
