/**
 * What threads of an actor system send each other, one frame each:
 *
 *   byte 0      4       8             12         16
 *        ├ kind ┼ actor ┼ incarnation ┼ number ──┼ body …
 *
 * | kind | actor, incarnation | number | body |
 * |---|---|---|---|
 * | TELL | to whom | | message |
 * | SEND | to whom | names the answer | message |
 * | TAKEN | | of the SEND | empty, or why the message was not taken |
 * | FAIL | which ask | | error |
 * | STOP | who | | |
 * | WATCH, UNWATCH | who | names the watch | |
 * | ENDED | | of the WATCH | how the actor ended |
 * | BURIED | | | a dead letter, for the control thread |
 * | FAILED | | | an error that ended an actor, for the control thread |
 * | NAMED | | | an address whose name everybody may look up |
 * | GONE | which actor of no incarnation | | its name, which is free again |
 * | LOST | | thread | its incarnation, and which of its actors are started again |
 *
 * A body that no ring can hold is transferred by port, before the frame: then the kind is negative.
 */

export const TELL = 1;
export const SEND = 2;
export const TAKEN = 3;
export const FAIL = 4;
export const STOP = 5;
export const WATCH = 6;
export const UNWATCH = 7;
export const ENDED = 8;
export const BURIED = 9;
export const FAILED = 10;
export const NAMED = 11;
export const GONE = 12;
export const LOST = 13;

export const headerBytes = 16;

export interface FrameHead {
  readonly kind: number;
  readonly actor: number;
  readonly incarnation: number;
  readonly number: number;
}

export const noBody = new Uint8Array();
