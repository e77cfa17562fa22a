import { LocalMemory } from "./local-memory.js";
import { Scope, type ScopeShape, type ScopeSpace } from "./scope.js";

/** Scopes of a run in the heap of its home. Stateless: one serves all. */
export const localSpace: ScopeSpace = {
  open(parent: Scope, at: number, shape: ScopeShape, items: readonly unknown[]): Scope {
    const memory = new LocalMemory(shape);
    const scope = new Scope(parent.workflow, shape, parent, at, memory);
    for (let element = 0; element < items.length; element++) {
      memory.putOwned(shape.region === -1 ? element : shape.baseOf(element), items[element]);
    }
    parent.memory.setChild(at, scope);
    return scope;
  },
  needsHome: () => false,
  noteWork: () => {},
};
