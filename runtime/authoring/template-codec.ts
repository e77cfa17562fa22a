/**
 * Templates as small lists, tag first, the form in which they are encoded: a ref is 5 bytes instead of 40.
 */

import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Template } from "../../actors/workflow/graph.js";

const CONSTANT = 0;
const REF = 1;
const INDEX = 2;
const LIST = 3;
const OBJECT = 4;

export type PackedTemplate = readonly [tag: number, ...rest: unknown[]];

export function packTemplate(template: Template): PackedTemplate {
  switch (template.kind) {
    case "constant":
      return [CONSTANT, template.value];
    case "ref":
      return [REF, template.up, template.place, ...template.path];
    case "index":
      return [INDEX, template.up];
    case "list":
      return [LIST, ...template.items.map(packTemplate)];
    case "object":
      return [OBJECT, template.keys, ...template.values.map(packTemplate)];
  }
}

/** The inverse of {@link packTemplate}. The casts hold because nothing else writes this form. */
export function unpackTemplate([tag, ...rest]: PackedTemplate): Template {
  switch (tag) {
    case CONSTANT:
      return { kind: "constant", value: rest[0] };
    case REF:
      return { kind: "ref", up: rest[0] as number, place: rest[1] as number, path: rest.slice(2) as (string | number)[] };
    case INDEX:
      return { kind: "index", up: rest[0] as number };
    case LIST:
      return { kind: "list", items: (rest as PackedTemplate[]).map(unpackTemplate) };
    case OBJECT:
      return { kind: "object", keys: rest[0] as string[], values: (rest.slice(1) as PackedTemplate[]).map(unpackTemplate) };
    default:
      throw new DataFlowerError("DF_FRAME_CORRUPT", `Cannot read a template as its tag must be 0 to 4: found ${String(tag)}`);
  }
}
