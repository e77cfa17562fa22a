/** What {@link topologicalOrder} finds: an order in which the tasks can run, or tasks that wait for each other. */
export type Order =
  | { readonly kind: "order"; readonly positions: Int32Array }
  | { readonly kind: "cycle"; readonly positions: readonly number[] };

/**
 * Kahn's algorithm: a task follows once all of its parents have.
 *
 * @param parents of each task, by position
 * @returns a cycle as a way round, each task before one that waits for it, its first task repeated at the end
 */
export function topologicalOrder(parents: readonly (readonly number[])[]): Order {
  const missing = Int32Array.from(parents, (list) => list.length);
  const children = childrenOf(parents);
  const positions = new Int32Array(parents.length);
  let count = 0;
  for (let position = 0; position < parents.length; position++) if (missing[position] === 0) positions[count++] = position;
  for (let at = 0; at < count; at++) {
    for (const child of children[positions[at]!]!) if (--missing[child]! === 0) positions[count++] = child;
  }
  return count === parents.length ? { kind: "order", positions } : { kind: "cycle", positions: cycleAmong(parents, missing) };
}

export function childrenOf(parents: readonly (readonly number[])[]): number[][] {
  const children: number[][] = parents.map(() => []);
  parents.forEach((list, child) => {
    for (const parent of list) children[parent]!.push(child);
  });
  return children;
}

/** Each task that is left waits for another one that is left, so a walk from parent to parent must meet itself. */
function cycleAmong(parents: readonly (readonly number[])[], missing: Int32Array): number[] {
  const path: number[] = [];
  const placeOf = new Map<number, number>();
  let position = missing.findIndex((count) => count > 0);
  while (!placeOf.has(position)) {
    placeOf.set(position, path.length);
    path.push(position);
    position = parents[position]!.find((parent) => missing[parent]! > 0)!;
  }
  return [...path.slice(placeOf.get(position)), position].reverse();
}
