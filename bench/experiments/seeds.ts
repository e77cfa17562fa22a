/** A seed of its own for everything that has a name, decided by the seed of all (FNV-1a, 32 bits). */
export function seedOf(seed: number, ...names: readonly (string | number)[]): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of names.join("\n")) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}
