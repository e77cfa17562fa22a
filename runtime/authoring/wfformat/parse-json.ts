import { found } from "../found.js";
import { jsonMistake } from "./json-mistake.js";
import { refuse } from "./refuse.js";

/** Largest file that is read; a recorded task takes about 2 kB of it. */
export const wfFormatBytesMax = 256 * 1024 ** 2;

/** Deepest nesting of lists and objects that is read; the format itself needs nine levels. */
export const nestingMax = 64;

/**
 * @param file what messages call the text
 * @throws DF_SPEC_INVALID for a text that is too large, too deeply nested or no JSON
 */
export function parseJson(text: string, file: string): unknown {
  requireSize(text, file);
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text; // some editors put a byte order mark in front
  requireFlat(json, file);
  try {
    return JSON.parse(json);
  } catch {
    const at = jsonMistake(json);
    refuse(file, "it must be JSON", `${at === json.length ? "its end" : found(json.slice(at, at + shownMax))} at ${placeOf(json, at)}`);
  }
}

/** Characters of a mistake that a message shows. */
const shownMax = 24;

/** A character takes one byte at least, so a text that is far too long need not be looked at. */
function requireSize(text: string, file: string): void {
  const bytes = text.length > wfFormatBytesMax ? text.length : Buffer.byteLength(text);
  if (bytes > wfFormatBytesMax) refuse(file, `it may have at most ${wfFormatBytesMax} bytes`, `more`);
}

/** Before parsing: a text of brackets alone would take many times its size of memory. */
function requireFlat(json: string, file: string): void {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) at = endOfString(json, at);
    else if (character === OPEN_BRACKET || character === OPEN_BRACE) depth += 1;
    else if (character === CLOSE_BRACKET || character === CLOSE_BRACE) depth -= 1;
    if (depth > nestingMax) {
      refuse(file, `lists and objects may lie at most ${nestingMax} deep in each other`, `a deeper one at ${placeOf(json, at)}`);
    }
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Position of the quote that ends the string which begins at `start`; the end of a text that breaks off in it. */
function endOfString(json: string, start: number): number {
  for (let at = start; ; ) {
    at = json.indexOf('"', at + 1);
    if (at === -1) return json.length;
    if (!isEscaped(json, at)) return at;
  }
}

/** Whether an odd number of backslashes stands before a position. */
function isEscaped(json: string, position: number): boolean {
  let at = position;
  while (json.charCodeAt(at - 1) === BACKSLASH) at -= 1;
  return (position - at) % 2 === 1;
}

function placeOf(json: string, position: number): string {
  const before = json.slice(0, position);
  return `line ${before.split("\n").length}, column ${position - before.lastIndexOf("\n")}`;
}
