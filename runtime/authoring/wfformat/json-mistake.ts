/**
 * Where a text stops being JSON, for the engine's own parser does not always tell: an automaton that reads tokens.
 *
 *   VALUE      a value must follow                                      after `[` FIRST_ITEM: a value or `]`
 *   KEY        a key must follow                                        after `{` FIRST_KEY: a key or `}`
 *   COLON      a colon must follow the key
 *   NEXT       a comma or the closing bracket of the innermost list or object must follow; outside of all, nothing
 */

type State = "VALUE" | "FIRST_ITEM" | "KEY" | "FIRST_KEY" | "COLON" | "NEXT";

const space = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has them in no string
const plainCharacters = /[^"\\\u0000-\u001f]*/y;
const escapedCharacter = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** @returns position of the first token that no JSON text has there, the length of a text that breaks off between tokens; -1: it is JSON */
export function jsonMistake(json: string): number {
  const open: string[] = [];
  let state: State = "VALUE";
  for (let at = end(space, json, 0); ; at = end(space, json, at)) {
    if (at === json.length) return state === "NEXT" && open.length === 0 ? -1 : at;
    const step = stepOf(json, at, state, open);
    if (step === undefined) return at;
    [at, state] = step;
  }
}

/** Position behind the token at `at`, and what must follow; undefined: the token may not stand there. */
function stepOf(json: string, at: number, state: State, open: string[]): [number, State] | undefined {
  const character = json.charAt(at);
  if (state === "COLON") return character === ":" ? [at + 1, "VALUE"] : undefined;
  if (character === open.at(-1) && (state === "NEXT" || state.startsWith("FIRST"))) {
    open.pop();
    return [at + 1, "NEXT"];
  }
  if (state === "NEXT") return character === "," && open.length > 0 ? [at + 1, open.at(-1) === "]" ? "VALUE" : "KEY"] : undefined;
  const behind = endOfString(json, at);
  if (state === "KEY" || state === "FIRST_KEY") return behind > at ? [behind, "COLON"] : undefined;
  if (character === "[" || character === "{") {
    open.push(character === "[" ? "]" : "}");
    return [at + 1, character === "[" ? "FIRST_ITEM" : "FIRST_KEY"];
  }
  const last = Math.max(behind, end(scalar, json, at));
  return last > at ? [last, "NEXT"] : undefined;
}

/** Position behind the string at a position; the position itself where there is none. A loop: one pattern for all would nest too deeply. */
function endOfString(json: string, at: number): number {
  if (json.charAt(at) !== '"') return at;
  for (let next = at + 1; ; ) {
    const stop = end(plainCharacters, json, next);
    if (json.charAt(stop) === '"') return stop + 1;
    next = end(escapedCharacter, json, stop);
    if (next === stop) return at;
  }
}

/** Position behind what a pattern finds at a position; the position itself where it finds nothing. */
function end(pattern: RegExp, json: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(json) ? pattern.lastIndex : at;
}
