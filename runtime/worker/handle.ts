/**
 * One word that names a block in some thread's payload arena: thread (7 bits) and offset in units of 16 bytes (24 bits).
 * 0 names nothing: no block starts at offset 0.
 */
export const NOTHING = 0;
/** The value is kept in the heap of the run's home; nobody else can read it. */
export const AT_HOME = -1;

const offsetBits = 24;
const unitShift = 4;

export function handleOf(thread: number, offset: number): number {
  return (thread << offsetBits) | (offset >>> unitShift);
}

export function threadOf(handle: number): number {
  return handle >>> offsetBits;
}

export function offsetOf(handle: number): number {
  return (handle & ((1 << offsetBits) - 1)) << unitShift;
}
