/**
 * How a journal lies in Redis. All its keys have one hash tag, so that in a cluster one node has them all and a script may write them
 * at once:
 *
 *     df:{NAME}:meta   hash    version    of this layout
 *                              fence      grows with every owner
 *                              owner      id of the owner; none: nobody has it
 *                              ownerIs    the same owner in JSON: who it is, for others to see and to look for
 *                              lease      until when the owner has it, in ms on the server's clock
 *                              open       set as long as an owner has not given it back in order
 *                              wasClosed  whether the owner before this one had given it back
 *                              first      position of the oldest record that is not cut
 *                              swept      position of the oldest record that is still there: cut ones go a few at a time
 *                              next       position of the next record
 *                              runs, ends how many entries the hashes below must have
 *                              sum        SHA-1 of version, fence, first, swept, next, runs and ends, with blanks between them
 *     df:{NAME}:log    hash    position -> record
 *     df:{NAME}:runs   hash    id of a run -> its entry
 *     df:{NAME}:ends   hash    id of a run -> its end
 *     df:{NAME}:ids    sorted  ids of runs, all of score 0, which orders them by their bytes
 *     df:journals      set     names of journals; written before a journal is made, so it may know one that never was
 *
 * The counts are there to notice when something else has deleted or evicted a key: they are compared at each opening and each commit. The
 * sum is compared at each opening: a digit that has changed would have records passed over.
 */

/** Of this layout. A store that says more was written by a newer version, and is left alone. */
export const layoutVersion = 1;

export const registryKey = "df:journals";

/** In the order in which the scripts expect them. */
export function keysOf(name: string): readonly [meta: string, log: string, runs: string, ids: string, ends: string] {
  const of = (part: string) => `df:{${name}}:${part}`;
  return [of("meta"), of("log"), of("runs"), of("ids"), of("ends")];
}
