import { existsSync, readFileSync } from "node:fs";

/** A recorded execution of a real workflow, and what is known of it from elsewhere. Times in seconds. */
export interface RecordedTrace {
  readonly name: string;
  /** Path of the WfFormat file. */
  readonly file: string;
  readonly tasks: number;
  /** What the hashes of its leaves come to, whatever the schedule. */
  readonly digest: string;
  /** Columns of the reference by name, such as `lb_P2`. */
  seconds(column: string): number;
}

/** Folder of the third-party data, which lies beside the project and not in it; undefined where it is missing. */
export function sharedDataOf(packageRoot: string): string | undefined {
  const folder = `${packageRoot}../shared/data/`;
  return existsSync(folder) ? folder : undefined;
}

/** All recorded executions that the reference lists, in its order. */
export function recordedTraces(sharedData: string): RecordedTrace[] {
  const folder = `${sharedData}wfinstances/`;
  const [header = "", ...rows] = readFileSync(`${folder}reference.csv`, "utf8").trim().split("\n");
  const columns = header.split(",");
  return rows.map((row) => traceOf(folder, columns, row.split(",")));
}

function traceOf(folder: string, columns: readonly string[], cells: readonly string[]): RecordedTrace {
  const cell = (column: string): string => {
    const value = cells[columns.indexOf(column)];
    if (value === undefined) throw new Error(`Cannot read the reference as each row must have a column ${column}: found ${cells}`);
    return value;
  };
  const name = cell("file");
  return {
    name,
    file: `${folder}${name}`,
    tasks: Number(cell("tasks")),
    digest: cell("digest"),
    seconds: (column) => Number(cell(column)),
  };
}
