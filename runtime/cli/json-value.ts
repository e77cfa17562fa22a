/**
 * Data as JSON, and nothing of it lost. What JSON cannot hold is an object with two fields, `$type` and mostly `value`:
 *
 * | value | JSON |
 * |---|---|
 * | undefined | `{"$type":"undefined"}` |
 * | NaN, infinities | `{"$type":"number","value":"NaN"}`, `"Infinity"`, `"-Infinity"` |
 * | BigInt | `{"$type":"bigint","value":"12"}` |
 * | Date | `{"$type":"Date","value":"2026-01-31T12:00:00.000Z"}` |
 * | RegExp | `{"$type":"RegExp","value":"/a+/gi"}` |
 * | Map, Set | `{"$type":"Map","value":[[key,value],…]}`, `{"$type":"Set","value":[…]}` |
 * | Buffer, Uint8Array, Uint8ClampedArray, ArrayBuffer | `{"$type":"Uint8Array","value":"base64"}` |
 * | other typed arrays | `{"$type":"Float64Array","value":[…]}` |
 * | Error | `{"$type":"Error","value":{"name","message","stack",…}}` |
 * | an object with a field `$type` of its own | `{"$type":"Object","value":[[key,value],…]}` |
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** @param value data: what a task can return; see actors/kernel/value.ts */
export function jsonValue(value: unknown): Json {
  switch (typeof value) {
    case "undefined":
      return { $type: "undefined" };
    case "bigint":
      return typed("bigint", String(value));
    case "number":
      return Number.isFinite(value) ? value : typed("number", String(value));
    case "object":
      return value === null ? null : jsonObject(value);
    default:
      return value as string | boolean; // functions and symbols are no data
  }
}

/** An error of any kind as a plain object: name, message, own fields, stack, and the cause as another one. */
export function jsonError(error: Error): { readonly [key: string]: Json } {
  const { name, message, stack } = error;
  const fields = Object.entries(error).filter(([key]) => key !== "name" && key !== "message" && key !== "stack" && key !== "cause");
  return {
    name,
    message,
    ...jsonFields(fields),
    ...(stack === undefined ? {} : { stack }),
    ...("cause" in error ? { cause: jsonThrown(error.cause) } : {}),
  };
}

/** What was thrown: an error without a wrapping, or whatever value it was. */
export const jsonThrown = (thrown: unknown): Json => (thrown instanceof Error ? jsonError(thrown) : jsonValue(thrown));

function jsonObject(value: object): Json {
  if (Array.isArray(value)) return value.map(jsonValue);
  if (value instanceof Date) return typed("Date", value.toISOString());
  if (value instanceof RegExp) return typed("RegExp", String(value));
  if (value instanceof Map) return typed("Map", jsonPairs(value));
  if (value instanceof Set) return typed("Set", Array.from(value, jsonValue));
  if (value instanceof Error) return typed("Error", jsonError(value));
  if (value instanceof ArrayBuffer) return typed("ArrayBuffer", Buffer.from(value).toString("base64"));
  if (ArrayBuffer.isView(value)) return jsonView(value);
  return Object.hasOwn(value, "$type") ? typed("Object", jsonPairs(Object.entries(value))) : jsonFields(Object.entries(value));
}

function jsonView(view: ArrayBufferView): Json {
  const name = view.constructor.name;
  if (view instanceof Uint8Array || view instanceof Uint8ClampedArray) {
    return typed(name, Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64"));
  }
  return typed(name, Array.from(view as Float64Array | BigInt64Array, jsonValue)); // DataView is no data
}

const typed = ($type: string, value: Json): Json => ({ $type, value });

const jsonPairs = (pairs: Iterable<readonly [unknown, unknown]>): Json =>
  Array.from(pairs, ([key, item]) => [jsonValue(key), jsonValue(item)]);

const jsonFields = (fields: readonly (readonly [string, unknown])[]): { readonly [key: string]: Json } =>
  Object.fromEntries(fields.map(([key, item]) => [key, jsonValue(item)]));

/** One line of JSON. Characters that a terminal would obey are escaped: JSON itself leaves some of them as they are. */
export function jsonLine(json: Json): string {
  return `${JSON.stringify(json).replace(obeyed, escaped)}\n`;
}

const obeyed = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
