import { found } from "../found.js";
import type { RecordedTask } from "./recorded-task.js";
import { refuse } from "./refuse.js";
import { topologicalOrder } from "./topological-order.js";

/**
 * The parents of each task by position, each once.
 *
 * @throws DF_SPEC_INVALID for ids that are not unique or no text, references to no task, ends of an edge that disagree, and cycles
 */
export function resolveParents(tasks: readonly RecordedTask[], file: string): number[][] {
  const positionOf = new References(tasks, file);
  const stated = tasks.map(({ parents, path }) => positionOf.each(parents, `${path}/parents`));
  const named = tasks.map(({ children, path }) => positionOf.each(children, `${path}/children`));
  refuseDisagreement(tasks, stated, named, file);
  const parents = withChildren(stated, named);
  refuseCycle(tasks, parents, file);
  return parents.map((list) => [...list]);
}

type Positions = ReadonlySet<number>;
/** undefined: the task does not say, as its list is missing or empty. */
type Stated = readonly (Positions | undefined)[];

/** What tasks are called by others: their id, or their name where no task has it as its id (recorders of 1.2 to 1.4 did so). */
class References {
  readonly #file: string;
  readonly #byId = new Map<string, number>();
  /** undefined: several tasks have the name. */
  readonly #byName = new Map<string, number | undefined>();

  constructor(tasks: readonly RecordedTask[], file: string) {
    this.#file = file;
    tasks.forEach(({ id, name, path }, position) => {
      if (this.#byId.has(id)) refuse(file, `the id of ${path} must be unique`, `${found(id)} again`);
      if (!id.isWellFormed()) refuse(file, `the id of ${path} must be text without half surrogates`, found(id));
      this.#byId.set(id, position);
      this.#byName.set(name, this.#byName.has(name) ? undefined : position);
    });
  }

  each(references: readonly string[] | undefined, path: string): Positions | undefined {
    if (references === undefined || references.length === 0) return undefined;
    return new Set(references.map((reference, index) => this.#position(reference, `${path}/${index}`)));
  }

  #position(reference: string, path: string): number {
    const position = this.#byId.get(reference) ?? this.#byName.get(reference);
    if (position !== undefined) return position;
    refuse(
      this.#file,
      `${path} must refer to exactly one task`,
      `${found(reference)}, which ${this.#byName.has(reference) ? "several tasks are" : "no task is"} called`,
    );
  }
}

/** What tasks say of their parents and of their children: where both are said they agree, so one end may be missing or empty. */
function withChildren(stated: Stated, named: Stated): Set<number>[] {
  const parents = stated.map((list) => new Set(list));
  named.forEach((children, parent) => {
    for (const child of children ?? []) parents[child]!.add(parent);
  });
  return parents;
}

/** Where a task names its children, these are exactly the tasks that have it as a parent. */
function refuseDisagreement(tasks: readonly RecordedTask[], stated: Stated, named: Stated, file: string): void {
  stated.forEach((parents, child) => {
    for (const parent of parents ?? []) {
      if (named[parent]?.has(child) === false) refuseEnd(tasks[parent]!, `no ${nameOf(tasks[child]!)}, which has`, file);
    }
  });
  named.forEach((children, parent) => {
    for (const child of children ?? []) {
      if (stated[child]?.has(parent) === false) refuseEnd(tasks[parent]!, `${nameOf(tasks[child]!)}, which has not`, file);
    }
  });
}

const nameOf = ({ id }: RecordedTask): string => found(id);

function refuseEnd(parent: RecordedTask, what: string, file: string): never {
  refuse(file, `${parent.path}/children must be the tasks that have ${nameOf(parent)} as a parent`, what);
}

/** A way round is shown by so many of its tasks at either end. */
const shownMax = 8;

function refuseCycle(tasks: readonly RecordedTask[], parents: readonly Positions[], file: string): void {
  const order = topologicalOrder(parents.map((list) => [...list]));
  if (order.kind === "order") return;
  const ids = order.positions.map((position) => tasks[position]!.id);
  const shown =
    ids.length <= 2 * shownMax ? ids : [...ids.slice(0, shownMax), `… ${ids.length - 2 * shownMax} more …`, ...ids.slice(-shownMax)];
  refuse(file, `${tasks[order.positions[0]!]!.path} must not wait for itself`, shown.join(" -> "));
}
