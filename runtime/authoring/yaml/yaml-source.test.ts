import { describe, expect, test } from "vitest";
import { fileBytesMax, keyLengthMax, lexemesMax, linesMax, nestingMax } from "./yaml-limits.js";
import { YamlSource } from "./yaml-source.js";

const read = (text: string): unknown => new YamlSource(text, "flow.yaml").value;

function refusal(text: string): { readonly code: unknown; readonly message: string } {
  try {
    read(text);
  } catch (error) {
    return error as { code: unknown; message: string };
  }
  throw new Error("it was read");
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

describe("YamlSource reads", () => {
  test.each([
    ["byte order mark", "\ufeffa: 1\n", { a: 1 }],
    ["CRLF", "a: 1\r\nb: x\r\n", { a: 1, b: "x" }],
    ["an empty file", "", null],
    ["a file of comments", "# nothing\n", null],
    ["a scalar", "7", 7],
    ["a list", "- a\n- b", ["a", "b"]],
    ["what YAML 1.1 took for booleans", "[no, on, yes, off, y]", ["no", "on", "yes", "off", "y"]],
    ["booleans and null", "[true, False, null, ~, ]", [true, false, null, null]],
    ["dates and times", "[2024-01-01, 12:30]", ["2024-01-01", "12:30"]],
    ["octal and hexadecimal", "[0o17, 017, 0x1F]", [15, 17, 31]],
    ["integers as large as numbers hold", "[9007199254740991, -9007199254740991]", [9007199254740991, -9007199254740991]],
    ["numbers without an end", "[.inf, -.INF, .nan]", [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]],
    ["NUL in quotes", '"\\0"', "\0"],
    ["a tab between tokens", "a:\t1", { a: 1 }],
    ["<< in quotes", '{ "<<": 1 }', { "<<": 1 }],
    [
      "names of what objects inherit",
      "{ constructor: 1, prototype: 2, toString: 3, hasOwnProperty: 4 }",
      JSON.parse('{"constructor":1,"prototype":2,"toString":3,"hasOwnProperty":4}'),
    ],
    ["lists and objects as deep as they may be", `${"[".repeat(nestingMax)}${"]".repeat(nestingMax)}`, nested(nestingMax)],
    ["a file as long as it may be", `a: ${"x".repeat(fileBytesMax - 3)}`, { a: "x".repeat(fileBytesMax - 3) }],
    ["one document with its marks", "---\na: 1\n...\n", { a: 1 }],
  ])("%s", (_, text, value) => {
    expect(read(text)).toStrictEqual(value);
  });
});

function nested(depth: number): unknown {
  return depth === 1 ? [] : [nested(depth - 1)];
}

describe("YamlSource refuses", () => {
  test.each([
    ["an unknown tag", "a:\n  b: !thing 1", "flow.yaml:2: a.b: Cannot read this as values have no tags: found !thing"],
    ["a tag that would be code", "a: !!js/function 'x'", "tags: found tag:yaml.org,2002:js/function"],
    ["a known tag", "a: !!str 1", "tags: found tag:yaml.org,2002:str"],
    ["a tag of a set", "a: !!set { b, c }", "tags: found tag:yaml.org,2002:set"],
    ["a tagged key", "!x a: 1", "tags: found !x"],
    ["a key twice", "a: 1\nb: 2\na: 3", 'flow.yaml:3: Cannot read this as an object has each key once: found "a" again'],
    ["a key twice, spelt in two ways", 'a: 1\n"\\x61": 3', "flow.yaml:2: "],
    ["a merge key", "a: { b: 1 }\nc:\n  <<: 5", "flow.yaml:3: Cannot read this as there are no merge keys"],
    ["an alias", "a: &x 1\nb: *x", "anchors are of no use without aliases: found &x"],
    ["an alias of nothing", "a: *x", "flow.yaml:1: "],
    ["an alias of what it lies in", "a: &x [*x]", "flow.yaml:1: a: "],
    ["an alias as a key", "*x : 1", "flow.yaml:1: "],
    ["a directive", "%YAML 1.1\n---\na: on", 'flow.yaml:1: Cannot read this as it must hold no directives: found "%YAML 1.1"'],
    ["a tag's directive", "%TAG ! tag:x,2000:\n---\na: 1", "directives"],
    ["two documents", "a: 1\n---\nb: 2", "flow.yaml:2: Cannot read this as it must be one document: found a second one"],
    ["indentation by tabs", "a:\n\tb: 1", "flow.yaml:2: Cannot read this as it must be YAML 1.2"],
    ["what is no YAML", "a: [1", "it must be YAML 1.2"],
    ["NUL", "a: 1\nb: \0", 'flow.yaml:2: Cannot read this as it must hold no control characters: found "\\u0000"'],
    ["an escape of a terminal", "a: \u001b[31m", "control characters"],
    ["a lone surrogate", 'a: "\\ud800"', "flow.yaml:1: a: Cannot read this as text must be well-formed"],
    ["an integer that no number holds", "a: 9007199254740993", "flow.yaml:1: a: Cannot read this as an integer lies within"],
    ["a number that is too large", "a: 1e999", "found 1e999"],
    ["__proto__", "a:\n  __proto__: { b: 1 }", "flow.yaml:2: Cannot read this as this key is not allowed: found __proto__"],
    ["a number as a key", "1: a", "keys are texts, in quotes where they look like something else: found 1"],
    ["nothing as a key", "? \n: a", "keys are texts"],
    ["a list as a key", "? [a]\n: b", "keys are texts"],
  ])("%s", (_, text, message) => {
    expect(refusal(text)).toMatchObject({ code: "DF_SPEC_INVALID", message: expect.stringContaining(message) });
  });
});

/** Each would take seconds, or all memory, if it were built before it is refused. */
describe("YamlSource stops at its limits", () => {
  const laughs = lines(10, (level) => `a${level}: &a${level} [${level === 0 ? "lol" : Array(9).fill(`*a${level - 1}`)}]`);
  test.each([
    ["billion laughs", laughs, "flow.yaml:1: a0: Cannot read this as anchors"],
    ["120 aliases", `a: &x 1\nb: [${Array(120).fill("*x")}]`, "anchors"],
    ["20,000 nested lists", "[".repeat(20_000), `nest ${nestingMax} deep: found one deeper`],
    ["20,000 nested lists that end", "[".repeat(20_000) + "]".repeat(20_000), `nest ${nestingMax} deep`],
    ["20,000 nested lists in blocks", `${"- ".repeat(20_000)}a`, `nest ${nestingMax} deep`],
    [
      "nested objects in blocks",
      lines(500, (depth) => `${" ".repeat(depth)}a:`),
      `flow.yaml:${nestingMax + 2}: Cannot read this as lists and objects nest`,
    ],
    ["3,000 nested objects in blocks", lines(3000, (depth) => `${" ".repeat(depth)}a:`), `at most ${fileBytesMax} bytes`],
    ["3,000 nested objects", `${"{a: ".repeat(3000)}1${"}".repeat(3000)}`, `nest ${nestingMax} deep`],
    ["50 MB of text", "x".repeat(50_000_000), `at most ${fileBytesMax} bytes`],
    ["a huge key", `${"k".repeat(100_000)}: 1`, "flow.yaml:1: "],
    ["a huge key in quotes", `? "${"k".repeat(100_000)}"\n: 1`, `keys have at most ${keyLengthMax} characters`],
    ["100,000 keys", lines(100_000, (index) => `k${index}: 1`), `at most ${fileBytesMax} bytes`],
    ["60,000 short keys", `{${"a,".repeat(60_000)}}`, `at most ${lexemesMax} words and marks`],
    ["many lines", "\n".repeat(linesMax), `at most ${linesMax} lines`],
  ])("%s", (_, text, message) => {
    expect(refusal(text)).toMatchObject({ code: "DF_SPEC_INVALID", message: expect.stringContaining(message) });
  });
});

test("place() has the line of a key or an item, or of what lies around what is missing", () => {
  const source = new YamlSource("a:\n  b:\n    - 1\n    - c: 2\nd: {\n  e: 3 }\n", "flow.yaml");
  expect(source.place([])).toBe("flow.yaml:1");
  expect(source.place(["a", "b"])).toBe("flow.yaml:2: a.b");
  expect(source.place(["a", "b", 1])).toBe("flow.yaml:4: a.b.1");
  expect(source.place(["a", "b", 1, "c"])).toBe("flow.yaml:4: a.b.1.c");
  expect(source.place(["d", "e"])).toBe("flow.yaml:6: d.e");
  expect(source.place(["d", "missing"])).toBe("flow.yaml:5: d.missing");
});
