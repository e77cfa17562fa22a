export interface Column {
  readonly title: string;
  /** Numbers stand right, words left. */
  readonly align: "left" | "right";
}

/** A table of plain text: two spaces between columns, a rule under the titles. A last column of words may be as long as it likes. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) =>
        align === "left" ? (cells[index] ?? "").padEnd(widths[index]!) : (cells[index] ?? "").padStart(widths[index]!),
      )
      .join("  ")
      .trimEnd();
  return [line(columns.map(({ title }) => title)), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}
