import { describe, expect, test } from "vitest";
import { CsvTable } from "./csv-table.js";

const cellsOf = (row: string): string[] => {
  const table = new CsvTable(`a,b,c\n${row}`, "t.csv");
  table.next();
  return ["a", "b", "c"].map((name) => table.text(table.find(name)));
};

describe("CsvTable", () => {
  test.each([
    ["x,y,z", ["x", "y", "z"]],
    [",y,z", ["", "y", "z"]],
    ["x,y,", ["x", "y", ""]],
    [",,", ["", "", ""]],
    [',"y",z', ["", "y", "z"]],
    [',,"z"', ["", "", "z"]],
    ['"x",,', ["x", "", ""]],
    ['"x",y,""', ["x", "y", ""]],
    ['"","",""', ["", "", ""]],
    ['"x, y","a ""b"", c",""""', ["x, y", 'a "b", c', '"']],
    ['5",6",7', ['5"', '6"', "7"]],
  ])("reads the cells of %j", (row, cells) => {
    expect(cellsOf(row)).toEqual(cells);
  });

  test("a row may be shorter than the header", () => {
    expect(cellsOf('"x"')).toEqual(["x", "", ""]);
  });
});
