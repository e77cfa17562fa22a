/*
 * WfFormat knows letters, digits, "-", "_" and "." in ids. A path has those and the positions of elements besides: `resize[3]` becomes
 * `resize_.3.`. A name may hold "_." itself, which becomes "_.-.", so that what looks like a position is one, and the way back is known.
 */

/** The id that stands for the path of a task. Two paths never have one id. */
export function wfIdOf(path: string): string {
  return path.replace(/_\.|\[(\d+)\]/g, (_, position: string | undefined) => (position === undefined ? "_.-." : `_.${position}.`));
}

/** The path that an id made by `wfIdOf` stands for. */
export function pathOfWfId(id: string): string {
  return id.replace(/_\.(-|\d+)\./g, (_, escaped: string) => (escaped === "-" ? "_." : `[${escaped}]`));
}
