import { CsvTable } from "./csv-table.js";
import { tenYearsMs } from "./ten-years.js";

const secondMs = 1_000;

/** Date and time, a fraction of the second with any number of digits, and maybe a zone; without one it is UTC. */
const timestamp = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/** When runs are submitted. */
export interface Arrivals {
  /** Arrivals that there are at most. */
  readonly countMax: number;
  /** In ms from the first; called in order, once for each. */
  next(): number;
}

/**
 * Reads arrivals: a CSV file with a header and a column TIMESTAMP (date and time) or submit_time (seconds), in order, within ten years.
 *
 * @throws DF_SPEC_INVALID with file and line
 */
export function readArrivals(text: string, file: string): Arrivals {
  const table = new CsvTable(text, file);
  const timesMs = timesOf(table, timeReader(table, file));
  let next = 0;
  return { countMax: timesMs.length, next: () => timesMs[next++] as number };
}

/** Arrivals at random: the time to the next one has an exponential distribution. @param perSecond how many there are on average */
export function poissonArrivals(perSecond: number, random: () => number): Arrivals {
  let atMs = Number.NaN;
  const next = (): number => {
    atMs = atMs >= 0 ? atMs - (Math.log(1 - random()) / perSecond) * secondMs : 0;
    return atMs;
  };
  return { countMax: Number.MAX_SAFE_INTEGER, next };
}

/** A time of the row at hand, in ms since some moment: whole milliseconds, and what is beyond them apart, or it would be rounded away. */
type ReadTime = () => { readonly wholeMs: number; readonly restMs: number };

function timesOf(table: CsvTable, readTime: ReadTime): number[] {
  const timesMs: number[] = [];
  let firstMs = Number.NaN;
  while (table.next()) {
    const { wholeMs, restMs } = readTime();
    if (timesMs.length === 0) firstMs = wholeMs;
    const atMs = wholeMs - firstMs + restMs;
    const beforeMs = timesMs.at(-1) ?? atMs;
    if (atMs < beforeMs) table.refuse("arrivals must be in order", `one ${beforeMs - atMs} ms before the one above it`);
    if (!(atMs - (timesMs[0] ?? atMs) <= tenYearsMs)) table.refuse("arrivals must be within ten years", `${atMs} ms behind the first`);
    timesMs.push(atMs);
  }
  if (timesMs.length === 0) table.refuse("it must list arrivals", "only its header");
  const offsetMs = timesMs[0] as number;
  return timesMs.map((atMs) => atMs - offsetMs);
}

function timeReader(table: CsvTable, file: string): ReadTime {
  const column = table.find("TIMESTAMP");
  if (column >= 0) return () => readTimestamp(table, table.text(column));
  const seconds = table.find("submit_time");
  if (seconds < 0) table.refuse("it must have a column TIMESTAMP or submit_time", `neither in ${file}`);
  return () => ({ wholeMs: table.number(seconds, 0) * secondMs, restMs: 0 });
}

function readTimestamp(table: CsvTable, text: string): ReturnType<ReadTime> {
  const [, date, time, fraction = "", zone = "Z"] = timestamp.exec(text) ?? [];
  const wholeMs = Date.parse(`${date}T${time}${zone}`);
  if (wholeMs >= 0 || wholeMs < 0) return { wholeMs, restMs: Number(`0${fraction}`) * secondMs };
  return table.refuse("TIMESTAMP must be a date and time such as 2026-01-31 18:17:03.97996", JSON.stringify(text));
}
