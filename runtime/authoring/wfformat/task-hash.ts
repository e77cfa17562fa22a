import { hash } from "node:crypto";

/**
 * What a replayed task passes on: a hash over its own id and what its parents passed on, in whatever order they are given. It differs
 * when any of these is lost, doubled or another's, and so does every hash that follows from it.
 *
 * @param parents hashes in hex
 * @returns sha256 in hex
 */
export const taskHash = (id: string, parents: readonly string[]): string => hash("sha256", `${id}\n${parents.toSorted().join("\n")}`);

/** One hash over a whole replayed run. @param leaves hashes of the tasks that are nobody's parent, in any order */
export const digestOf = (leaves: readonly string[]): string => hash("sha256", leaves.toSorted().join("\n"));
