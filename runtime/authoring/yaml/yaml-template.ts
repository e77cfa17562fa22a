import type { Template } from "../../../actors/workflow/graph.js";
import { found } from "../found.js";
import { reservedNames } from "../ids.js";
import type { YamlPath, YamlSource } from "./yaml-source.js";

/** The place in the graph that a name stands for; undefined where there is none of that name. */
export type PlaceOf = (name: string) => number | undefined;

const wholeRef = /^\$\{([^{}]*)\}$/;
const unescapedOpening = /(?<!\$)\$\{/;
/** Of a field's name. Fields with other characters can only be reached by a handler that is given all of the object. */
const step = /^[^\s.${}]+$/u;

/**
 * Turns a part of a file, whose texts may be refs, into a template.
 *
 * @throws DF_SPEC_INVALID for a ref within a longer text or a key, or to what does not exist
 */
export function yamlTemplate(value: unknown, path: YamlPath, source: YamlSource, placeOf: PlaceOf): Template {
  if (typeof value === "string") return textTemplate(value, path, source, placeOf);
  if (typeof value !== "object" || value === null) return { kind: "constant", value };
  if (Array.isArray(value)) return listTemplate(value.map((item, index) => yamlTemplate(item, [...path, index], source, placeOf)));
  const keys = Object.keys(value);
  for (const key of keys)
    if (key.includes("${")) source.refuse([...path, key], `Cannot read this as keys hold no refs: found ${found(key)}`);
  const values = Object.entries(value).map(([key, member]) => yamlTemplate(member, [...path, key], source, placeOf));
  return objectTemplate(keys, values);
}

/** The places that a template reads. */
export function placesOf(template: Template, places = new Set<number>()): Set<number> {
  if (template.kind === "ref") places.add(template.place);
  if (template.kind === "list") for (const item of template.items) placesOf(item, places);
  if (template.kind === "object") for (const value of template.values) placesOf(value, places);
  return places;
}

export const refTemplate = (place: number, path: readonly string[] = []): Template => ({ kind: "ref", up: 0, place, path });

function listTemplate(items: readonly Template[]): Template {
  const values = constants(items);
  return values === undefined ? { kind: "list", items } : { kind: "constant", value: values };
}

function objectTemplate(keys: readonly string[], members: readonly Template[]): Template {
  const values = constants(members);
  if (values === undefined) return { kind: "object", keys, values: members };
  return { kind: "constant", value: Object.fromEntries(keys.map((key, index) => [key, values[index]])) };
}

/** The values of templates that are all constant; undefined where one is not. */
function constants(templates: readonly Template[]): unknown[] | undefined {
  const values: unknown[] = [];
  for (const template of templates) {
    if (template.kind !== "constant") return undefined;
    values.push(template.value);
  }
  return values;
}

function textTemplate(text: string, path: YamlPath, source: YamlSource, placeOf: PlaceOf): Template {
  const ref = wholeRef.exec(text)?.[1];
  if (ref !== undefined) return templateOfRef(ref, path, source, placeOf);
  if (unescapedOpening.test(text)) {
    source.refuse(
      path,
      `Cannot read this as a ref stands alone as a whole text, such as \${task.field}, and $\${ is a literal \${; texts are put together in a handler: found ${found(text)}`,
    );
  }
  return { kind: "constant", value: text.replaceAll("$${", () => "${") };
}

function templateOfRef(ref: string, path: YamlPath, source: YamlSource, placeOf: PlaceOf): Template {
  const [name = "", ...steps] = ref.split(".");
  const wrong = steps.find((one) => !step.test(one) || reservedNames.has(one));
  if (wrong !== undefined) {
    source.refuse(
      path,
      `Cannot read \${${ref}} as a field is a name without spaces, "$", "{" and "}", and none of ${[...reservedNames].join(", ")}: found ${found(wrong)}`,
    );
  }
  const place = placeOf(name);
  if (place === undefined) source.refuse(path, `Cannot read \${${ref}} as a ref names a task of this file, or input: found ${found(name)}`);
  return refTemplate(place, steps);
}
