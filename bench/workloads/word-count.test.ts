import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { markdownFiles } from "./markdown-files.js";
import { checkWordCount, countFile, countFileAsync, countWords, expectedWordCount, mergeCounts } from "./word-count.js";

const root = mkdtempSync(join(tmpdir(), "word-count-"));
mkdirSync(join(root, "node_modules", "b", "docs"), { recursive: true });
mkdirSync(join(root, "node_modules", "a.md"), { recursive: true });
writeFileSync(join(root, "node_modules", "b", "README.md"), "The end. the END, isn't it?\n");
writeFileSync(join(root, "node_modules", "b", "docs", "über.md"), "Über 2 the constructor __proto__\n");
writeFileSync(join(root, "node_modules", "b", "code.ts"), "const the = 1;");
afterAll(() => rmSync(root, { recursive: true }));

const expected = new Map(Object.entries({ the: 3, end: 2, "isn't": 1, it: 1, über: 1, 2: 1, constructor: 1, proto: 1 }));

test("words are letters, digits and apostrophes, in lower case", () => {
  expect(countWords("A a b2 don't — a")).toEqual(new Map(Object.entries({ a: 3, b2: 1, "don't": 1 })));
  expect(countWords("")).toEqual(new Map());
});

test("all Markdown files below node_modules are found, sorted, folders left out", () => {
  const names = markdownFiles(root).map((file) => file.slice(root.length).replaceAll("\\", "/"));
  expect(names).toEqual(["/node_modules/b/README.md", "/node_modules/b/docs/über.md"]);
});

test("counting file by file and merging gives what a plain loop gives", async () => {
  const files = markdownFiles(root);
  expect(mergeCounts({ counts: files.map((file) => countFile({ file })) })).toEqual(expected);
  expect(mergeCounts({ counts: await Promise.all(files.map((file) => countFileAsync({ file }))) })).toEqual(expected);
  expect(expectedWordCount(files)).toEqual(expected);
});

test("a wrong answer is refused", () => {
  checkWordCount(new Map(expected), expected);
  expect(() => checkWordCount(new Map([...expected, ["more", 1]]), expected)).toThrow("9 words, not 8");
  expect(() => checkWordCount(new Map([...expected, ["the", 4]]), expected)).toThrow('4 times "the", not 3');
  expect(() => checkWordCount(new Map([...expected.keys()].map((word) => [`${word}s`, 1])), expected)).toThrow("undefined times");
});
