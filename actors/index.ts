/**
 * The door `dataflower/actors`: the actor system that workflows run on, for programs of your own. One thread, no promises, no timers
 * but those of the clock that you hand in; given the same messages it does the same again.
 *
 * You own the loop: `onRunnable` tells that there is work, `run` does it.
 */
export type { Actor, ActorRef, SpawnOptions, Start } from "./kernel/actor.js";
export { type Clock, ManualClock } from "./kernel/clock.js";
export type { DeadLetter, DeadLetters } from "./kernel/dead-letters.js";
export { DataFlowerError, type ErrorCode } from "./kernel/errors.js";
export { batchMessagesMax, deadLettersKeptMax, mailboxDepthDefault, restartsMax, restartWindowMs } from "./kernel/limits.js";
export { type Directive, escalateOnFailure, type Supervise, stopOnFailure } from "./kernel/supervision.js";
export { ActorSystem, type SystemOptions } from "./kernel/system.js";
