/**
 * What the control thread tells a worker about a run, through the ring between their threads.
 *
 *   word 0      1     2
 *       ├ kind ┼ slot┼ epoch ┤
 */

/** The run was cancelled or goes to another home: drop it, free its memory, and say that it was let go. */
export const LET_GO = 1;
/** The run has failed: give up what a guest still has of it. */
export const GIVE_UP = 2;

export interface Command {
  readonly kind: number;
  readonly slot: number;
  readonly epoch: number;
}

export function encodeCommand({ kind, slot, epoch }: Command): Uint8Array {
  return new Uint8Array(new Int32Array([kind, slot, epoch]).buffer);
}

/** Reads a frame that take() gave: its first byte is aligned to a word. */
export function decodeCommand(frame: Uint8Array): Command {
  const words = new Int32Array(frame.buffer, frame.byteOffset, 3);
  return { kind: words[0] as number, slot: words[1] as number, epoch: words[2] as number };
}
