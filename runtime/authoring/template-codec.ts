/**
 * Templates as small lists, tag first, the form in which they are encoded: a ref is 5 bytes instead of 40. An output of the node's own region is named by
 * how far it lies behind the node, so that nodes that are connected alike have the same template: a graph of a million of them may have a handful.
 */

import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Template } from "../../actors/workflow/graph.js";

const CONSTANT = 0;
const REF = 1;
const INDEX = 2;
const LIST = 3;
const OBJECT = 4;

export type PackedTemplate = readonly [tag: number, ...rest: unknown[]];

/** @param own place of the node whose input it is; 0 for the result of a region */
export function packTemplate(template: Template, own = 0): PackedTemplate {
  switch (template.kind) {
    case "constant":
      return [CONSTANT, template.value];
    case "ref":
      return [REF, template.up, template.up === 0 ? own - template.place : template.place, ...template.path];
    case "index":
      return [INDEX, template.up];
    case "list":
      return [LIST, ...template.items.map((item) => packTemplate(item, own))];
    case "object":
      return [OBJECT, template.keys, ...template.values.map((value) => packTemplate(value, own))];
  }
}

/** The inverse of {@link packTemplate}. The casts hold because nothing else writes this form. */
export function unpackTemplate([tag, ...rest]: PackedTemplate, own = 0): Template {
  switch (tag) {
    case CONSTANT:
      return { kind: "constant", value: rest[0] };
    case REF:
      return refOf(rest, own);
    case INDEX:
      return { kind: "index", up: rest[0] as number };
    case LIST:
      return { kind: "list", items: (rest as PackedTemplate[]).map((item) => unpackTemplate(item, own)) };
    case OBJECT:
      return {
        kind: "object",
        keys: rest[0] as string[],
        values: (rest.slice(1) as PackedTemplate[]).map((value) => unpackTemplate(value, own)),
      };
    default:
      throw new DataFlowerError("DF_FRAME_CORRUPT", `Cannot read a template as its tag must be 0 to 4: found ${String(tag)}`);
  }
}

function refOf([up, at, ...path]: readonly unknown[], own: number): Template {
  return { kind: "ref", up: up as number, place: up === 0 ? own - (at as number) : (at as number), path: path as (string | number)[] };
}
