import { DataFlowerError } from "../../actors/kernel/errors.js";

/** Rows of a file with a header, one cell after another: no more of it is split than the row at hand. */
export class CsvTable {
  readonly #text: string;
  readonly #file: string;
  readonly #columns: readonly string[];
  /** Where the next line begins. */
  #offset = 0;
  #line = 0;
  #cells: readonly string[] = [];

  /** @throws DF_SPEC_INVALID for a file without a header */
  constructor(text: string, file: string) {
    this.#text = text.replace(/^\ufeff/, "");
    this.#file = file;
    const header = this.#nextLine();
    if (header === undefined) refuseRow(file, 1, "its first line must name the columns", "nothing");
    this.#columns = header.map((name) => name.trim());
  }

  /** Position of a column; -1 when there is none of that name. */
  find(name: string): number {
    return this.#columns.indexOf(name);
  }

  /** @throws DF_SPEC_INVALID */
  require(name: string): number {
    const column = this.find(name);
    if (column < 0) refuseRow(this.#file, 1, `it must have a column ${name}`, this.#columns.join(", "));
    return column;
  }

  /** Goes on to the next row; false behind the last one. Empty lines are none. */
  next(): boolean {
    const cells = this.#nextLine();
    if (cells === undefined) return false;
    this.#cells = cells;
    return true;
  }

  text(column: number): string {
    return (this.#cells[column] ?? "").trim();
  }

  /**
   * A number of the row at hand.
   *
   * @param min it may not be smaller
   * @throws DF_SPEC_INVALID
   */
  number(column: number, min: number): number {
    const text = this.text(column);
    const number = text === "" ? Number.NaN : Number(text);
    if (number >= min && number < Number.POSITIVE_INFINITY) return number;
    const rule = min === Number.NEGATIVE_INFINITY ? "a number" : `a number of at least ${min}`;
    return this.refuse(`${this.#columns[column]} must be ${rule}`, JSON.stringify(text));
  }

  /** @throws DF_SPEC_INVALID at the row at hand */
  refuse(rule: string, found: string): never {
    refuseRow(this.#file, this.#line, rule, found);
  }

  #nextLine(): readonly string[] | undefined {
    while (this.#offset < this.#text.length) {
      const end = this.#text.indexOf("\n", this.#offset);
      const line = this.#text.slice(this.#offset, end < 0 ? undefined : end);
      this.#offset = end < 0 ? this.#text.length : end + 1;
      this.#line += 1;
      if (line.trim() !== "") return cellsOf(line.endsWith("\r") ? line.slice(0, -1) : line);
    }
    return undefined;
  }
}

/** Cells may stand in quotes, with quotes in them written twice; none goes over several lines. */
function cellsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(",");
  const cells: string[] = [];
  let from = 0;
  while (from <= line.length) {
    const end = endOfCell(line, from);
    cells.push(cellOf(line.slice(from, end)));
    from = end + 1;
  }
  return cells;
}

/** Position of the comma behind a cell, or of the end of the line. */
function endOfCell(line: string, from: number): number {
  const isQuoted = line[from] === '"';
  let isWithin = isQuoted;
  for (let at = isQuoted ? from + 1 : from; at < line.length; at++) {
    if (isQuoted && line[at] === '"')
      isWithin = !isWithin; // one written twice ends the quotes and begins them again
    else if (line[at] === "," && !isWithin) return at;
  }
  return line.length;
}

function cellOf(written: string): string {
  return written.startsWith('"') ? written.slice(1, written.endsWith('"') ? -1 : undefined).replaceAll('""', '"') : written;
}

function refuseRow(file: string, line: number, rule: string, found: string): never {
  throw new DataFlowerError("DF_SPEC_INVALID", `Cannot read ${file}:${line} as ${rule}: found ${found}`);
}
