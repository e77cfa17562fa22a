import { copyCanonical } from "../kernel/value.js";
import type { Template } from "./graph.js";

/** What an assembler reads of a scope, and of those around it. */
export interface Source {
  readonly parent: Source | undefined;
  readonly parentElement: number;
  readonly shape: { baseOf(element: number): number };
  readonly memory: { take(instance: number, path: FieldPath): unknown; read(instance: number, path: FieldPath): unknown };
}

type FieldPath = readonly (string | number)[];

/**
 * Puts an input together for one element of a scope, or its result. What it gives belongs to the caller alone.
 *
 * @param instance of the node whose input it is; of the region's param for a result
 */
export type Assembler = (scope: Source, element: number, instance: number) => unknown;

/**
 * Turns a template into a function. Of several references to one output of the same region only the last, in the order of
 * reading, gives up the reader's hold. The function serves all nodes that read as far behind them as this one.
 *
 * @param own place of the node whose input it is; 0 for the result of a region
 */
export function assembler(template: Template, own: number): Assembler {
  const references = new Map<number, number>();
  countReferences(template, references);
  return compile(template, own, references);
}

/** As `assembler`, but every hold is kept: for readers that may have to read again. */
export function holdingAssembler(template: Template, own: number): Assembler {
  const references = new Map<number, number>();
  countReferences(template, references);
  for (const [place, count] of references) references.set(place, count + 1);
  return compile(template, own, references);
}

function countReferences(template: Template, references: Map<number, number>): void {
  if (template.kind === "ref" && template.up === 0) references.set(template.place, (references.get(template.place) ?? 0) + 1);
  if (template.kind === "list") for (const item of template.items) countReferences(item, references);
  if (template.kind === "object") for (const value of template.values) countReferences(value, references);
}

function compile(template: Template, own: number, references: Map<number, number>): Assembler {
  switch (template.kind) {
    case "constant":
      return constant(template.value);
    case "ref":
      return template.up === 0
        ? ownRef(template.place, own, template.path, references)
        : outerRef(template.up, template.place, template.path);
    case "index":
      return index(template.up);
    case "list":
      return list(template.items.map((item) => compile(item, own, references)));
    case "object":
      return object(
        template.keys,
        template.values.map((value) => compile(value, own, references)),
      );
  }
}

function constant(value: unknown): Assembler {
  return typeof value === "object" && value !== null ? () => copyCanonical(value) : () => value;
}

function ownRef(place: number, own: number, path: FieldPath, references: Map<number, number>): Assembler {
  const left = (references.get(place) as number) - 1;
  references.set(place, left);
  const behind = own - place;
  if (left === 0) return (scope, _, instance) => scope.memory.take(instance - behind, path);
  return (scope, _, instance) => scope.memory.read(instance - behind, path);
}

function outerRef(up: number, place: number, path: FieldPath): Assembler {
  return (scope, element) => {
    let outer = scope;
    let position = element;
    for (let step = 0; step < up; step++) {
      position = outer.parentElement;
      outer = outer.parent as Source; // a template never reaches further out than the run's own scope
    }
    return outer.memory.read(outer.shape.baseOf(position) + place, path);
  };
}

function index(up: number): Assembler {
  return (scope, element) => {
    let outer = scope;
    let position = element;
    for (let step = 0; step < up; step++) {
      position = outer.parentElement;
      outer = outer.parent as Source;
    }
    return position;
  };
}

function list(items: readonly Assembler[]): Assembler {
  return (scope, element, instance) => {
    const made = new Array<unknown>(items.length);
    for (let position = 0; position < items.length; position++) made[position] = (items[position] as Assembler)(scope, element, instance);
    return made;
  };
}

function object(keys: readonly string[], values: readonly Assembler[]): Assembler {
  return (scope, element, instance) => {
    const made: Record<string, unknown> = {};
    for (let position = 0; position < keys.length; position++) {
      made[keys[position] as string] = (values[position] as Assembler)(scope, element, instance);
    }
    return made;
  };
}
