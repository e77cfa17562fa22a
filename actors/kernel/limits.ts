import { assert } from "./assert.js";

/** Messages a mailbox holds unless its actor asks for another bound. */
export const mailboxDepthDefault = 1 << 20;
/** Messages one actor handles before the next one gets its turn. */
export const batchMessagesMax = 64;
/** Dead letters kept for inspection; older ones are only counted. */
export const deadLettersKeptMax = 100;
/** Restarts of one actor within `restartWindowMs` before its supervisor gives it up. */
export const restartsMax = 5;
/** Length of the window in which restarts are counted, in ms. */
export const restartWindowMs = 10_000;

assert(mailboxDepthDefault >= batchMessagesMax, "a mailbox holds at least one batch");
