import type { Scope } from "./scope.js";

/** What users call a task: its name, and the position of the element in every map around it, outermost first: `resize[3]`. */
export function taskPath(scope: Scope, instance: number): string {
  const { shape, workflow } = scope;
  const name = workflow.graph.name(shape.nodeOf(instance));
  let positions = shape.region === -1 ? `[${instance - shape.count}]` : scope.parent === undefined ? "" : `[${shape.elementOf(instance)}]`;
  for (let inner = scope; inner.parent?.parent !== undefined; inner = inner.parent) positions = `[${inner.parentElement}]${positions}`;
  return name + positions;
}
