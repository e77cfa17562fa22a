import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NameTable } from "./name-table.js";

function namesOf(table: NameTable): string[] {
  const { text, number } = table.resolve();
  return Array.from(text, (at, entry) => (number[entry] === 0 ? table.texts[at]! : `${table.texts[at]}-${number[entry]}`));
}

function named(...entries: (string | { given: string })[]): string[] {
  const table = new NameTable(["input", "item"]);
  for (const entry of entries) {
    if (typeof entry === "string") table.addAutomatic(entry);
    else table.addGiven(entry.given);
  }
  return namesOf(table);
}

describe("NameTable", () => {
  test("numbers automatic names from the second on", () => {
    expect(named("load", "load", "save", "load")).toEqual(["load", "load-2", "save", "load-3"]);
  });

  test("leaves a given name to who was given it, also when it comes later", () => {
    expect(named("load", { given: "load" }, "load")).toEqual(["load-2", "load", "load-3"]);
  });

  test("skips numbers that would make another's name", () => {
    expect(named("load", "load", { given: "load-2" }, "load-3")).toEqual(["load", "load-4", "load-2", "load-3"]);
  });

  test("does not give reserved names", () => {
    expect(named("input", "item")).toEqual(["input-2", "item-2"]);
  });

  test("refuses a name that is given twice, or reserved", () => {
    expect(() => named({ given: "a" }, { given: "a" })).toThrow(expect.objectContaining({ code: "DF_SPEC_INVALID" }));
    expect(() => named({ given: "input" })).toThrow(expect.objectContaining({ code: "DF_SPEC_INVALID" }));
  });

  test("makes names that are all different, and keeps given ones", () => {
    const text = fc.constantFrom("a", "a-2", "a-3", "a-2-2", "b");
    fc.assert(
      fc.property(fc.array(text), fc.uniqueArray(text), fc.array(text), (before, given, after) => {
        const names = named(...before, ...given.map((one) => ({ given: one })), ...after);
        expect(new Set(names).size).toBe(names.length);
        expect(names.slice(before.length, before.length + given.length)).toEqual(given);
      }),
    );
  });
});
