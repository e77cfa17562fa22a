/**
 * Parts of a value that msgpackr would change, put in a form that it keeps.
 *
 * | part | msgpackr by itself | travels as a WirePart |
 * |---|---|---|
 * | Map | a plain object (records are off) | "map": keys and items in turn |
 * | Error | loses code, own fields, stack | "error": its parts |
 * | text that begins with U+FEFF | loses it, where the native reader is missing and the text is long | "text": with a full stop in front |
 * | RegExp with such a pattern | the same | "pattern": its source and flags |
 * | object with such a key | the same | "record": keys and items in turn |
 *
 * The rewriting is done only for values that hold such a part. WirePart is private to this file, so that nothing of a program is
 * ever taken for one.
 */

import { addExtension } from "msgpackr";
import { buildError, type ErrorParts, readErrorParts } from "../../actors/kernel/value-error.js";
import { mapErrorParts } from "../../actors/kernel/value-kinds.js";

/** msgpack keeps the codes from 0x80 for itself and has given out 0xff; programs that extend msgpackr use those below. */
const wireExtension = 0xe0;
const byteOrderMark = "\uFEFF";

class WirePart {
  readonly kind: keyof typeof readers;
  readonly content: unknown;
  constructor(kind: keyof typeof readers, content: unknown) {
    this.kind = kind;
    this.content = content;
  }
}

/** Whether a value holds a part that must be put in wire form. The value must be data. */
export function needsWireForm(value: unknown): boolean {
  if (typeof value === "string") return value.charCodeAt(0) === 0xfeff;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(needsWireForm);
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return recordNeedsWireForm(value as Record<string, unknown>);
  if (prototype === Set.prototype) return [...(value as Set<unknown>)].some(needsWireForm);
  if (prototype === RegExp.prototype) return needsWireForm((value as RegExp).source);
  return prototype === Map.prototype || value instanceof Error;
}

function recordNeedsWireForm(record: Readonly<Record<string, unknown>>): boolean {
  for (const key in record) {
    if (needsWireForm(record[key]) || key.charCodeAt(0) === 0xfeff) return true;
  }
  return false;
}

/** A value with its parts in wire form. It shares leaves with the value and is for msgpackr only. The value must be data. */
export function toWireForm(value: unknown): unknown {
  if (typeof value === "string") return needsWireForm(value) ? new WirePart("text", `.${value}`) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toWireForm);
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return recordToWire(value);
  if (prototype === Set.prototype) return new Set([...(value as Set<unknown>)].map(toWireForm));
  if (prototype === Map.prototype) return new WirePart("map", [...(value as Map<unknown, unknown>)].flat(1).map(toWireForm));
  if (prototype === RegExp.prototype) return patternToWire(value as RegExp);
  return value instanceof Error ? new WirePart("error", errorToWire(value)) : value;
}

function patternToWire(pattern: RegExp): unknown {
  return needsWireForm(pattern) ? new WirePart("pattern", [toWireForm(pattern.source), pattern.flags]) : pattern;
}

function recordToWire(record: object): unknown {
  const entries = Object.entries(record).map(([key, item]) => [key, toWireForm(item)] as const);
  const isMarked = entries.some(([key]) => key.startsWith(byteOrderMark));
  return isMarked
    ? new WirePart(
        "record",
        entries.flatMap(([key, item]) => [toWireForm(key), item]),
      )
    : Object.fromEntries(entries);
}

/** Absent parts are empty lists, as an undefined cause is a cause. */
function errorToWire(error: Error): readonly unknown[] {
  const parts = mapErrorParts(readErrorParts(error), toWireForm);
  const texts = [parts.class, parts.name, parts.message, parts.stack].map(toWireForm);
  return [...texts, recordToWire(parts.fields), "cause" in parts ? [parts.cause] : [], "errors" in parts ? [parts.errors] : []];
}

const readers = {
  map(content: unknown): Map<unknown, unknown> {
    return new Map(pairs(content));
  },
  record(content: unknown): Record<string, unknown> {
    return Object.fromEntries(pairs(content).map(([key, item]) => [requireText(key), item]));
  },
  text(content: unknown): string {
    return requireText(content).slice(1);
  },
  pattern(content: unknown): RegExp {
    const [source, flags] = requireList(content);
    return new RegExp(requireText(source), requireText(flags));
  },
  error(content: unknown): Error {
    const [builtinClass, name, message, stack, fields, cause, errors] = requireList(content);
    const parts: ErrorParts = {
      class: requireText(builtinClass),
      name: requireText(name),
      message: requireText(message),
      stack: stack === undefined ? stack : requireText(stack),
      fields: requireRecord(fields),
    };
    const [causes, lists] = [requireList(cause), requireList(errors)];
    return buildError({ ...parts, ...(causes.length > 0 ? { cause: causes[0] } : {}), ...(lists.length > 0 ? { errors: lists[0] } : {}) });
  },
};

function pairs(content: unknown): [unknown, unknown][] {
  const list = requireList(content);
  if (list.length % 2 !== 0) throw new TypeError("a key without its item");
  return Array.from({ length: list.length / 2 }, (_, n) => [list[2 * n], list[2 * n + 1]]);
}

function requireList(content: unknown): readonly unknown[] {
  if (!Array.isArray(content)) throw new TypeError("no list where one must be");
  return content;
}

function requireText(content: unknown): string {
  if (typeof content !== "string") throw new TypeError("no text where one must be");
  return content;
}

function requireRecord(content: unknown): Record<string, unknown> {
  if (typeof content !== "object" || content === null) throw new TypeError("no object where one must be");
  return content as Record<string, unknown>;
}

addExtension({
  Class: WirePart,
  type: wireExtension,
  write: (part: WirePart) => [part.kind, part.content],
  read(content: unknown): unknown {
    const [kind, inner] = requireList(content);
    if (typeof kind !== "string" || !Object.hasOwn(readers, kind)) throw new TypeError("a part of unknown kind");
    return readers[kind as keyof typeof readers](inner);
  },
});
