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
  } catch (cause) {
    refuse(file, "it must be JSON", reasonOf(cause as SyntaxError, json)); // JSON.parse throws nothing else
  }
}

/** A character takes one byte at least, so a text that is far too long need not be looked at. */
function requireSize(text: string, file: string): void {
  const bytes = text.length > wfFormatBytesMax ? text.length : Buffer.byteLength(text);
  if (bytes > wfFormatBytesMax) refuse(file, `it may have at most ${wfFormatBytesMax} bytes`, `${bytes} or more`);
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
  let at = start + 1;
  while (at < json.length && json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** The language says where it stopped, except where the text breaks off. */
function reasonOf({ message }: SyntaxError, json: string): string {
  const [, reason = message, position] = /^(.*?)(?: in JSON)? at position (\d+)/s.exec(message) ?? [];
  return `${reason.replaceAll(/\s+/g, " ")} at ${placeOf(json, position === undefined ? json.length : Number(position))}`;
}

function placeOf(json: string, position: number): string {
  const before = json.slice(0, position);
  return `line ${before.split("\n").length}, column ${position - before.lastIndexOf("\n")}`;
}
