import { cpusMax, priorityMax } from "../authoring/resolve-options.js";
import { CsvTable } from "./csv-table.js";
import type { RunPool } from "./run-pool.js";
import { simulatedTaskOptions } from "./simulated-task-options.js";
import { singleTask } from "./single-task.js";
import { tenYearsMs } from "./ten-years.js";
import type { SimulatedWorkflow } from "./workload.js";

const secondMs = 1_000;
const durationMax = tenYearsMs / secondMs;

interface Row {
  readonly submitMs: number;
  readonly durationMs: number;
  readonly cpus: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly priority: number;
}

/** A bag of tasks: each is a run of its own. In the order of submission. */
export class Bag implements RunPool {
  readonly countMax: number;
  readonly #rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
    this.countMax = rows.length;
  }

  submitMs(index: number): number {
    return this.#row(index).submitMs;
  }

  workMs(index: number): number {
    return this.#row(index).durationMs;
  }

  coreMs(index: number): number {
    const { durationMs, cpus = 1 } = this.#row(index);
    return durationMs * cpus;
  }

  workflow(index: number): SimulatedWorkflow {
    const row = this.#row(index);
    return singleTask("bag", this, row.durationMs, () =>
      simulatedTaskOptions({ estimateMs: row.durationMs, cpus: row.cpus, memoryBytes: row.memoryBytes }),
    );
  }

  priority(index: number): number {
    return this.#row(index).priority;
  }

  deadlineMs(index: number): number | undefined {
    return this.#row(index).deadlineMs;
  }

  #row(index: number): Row {
    return this.#rows[index] as Row; // nobody asks beyond countMax
  }
}

/**
 * Reads a bag of tasks: a CSV file with a header, one task a line, all times in seconds.
 *
 * | column | meaning |
 * |---|---|
 * | submit_time | when the task is submitted |
 * | duration | its run time, and what policies are told as its estimate |
 * | cpu | cores that it takes; 1 where there is no such column |
 * | memory | what it takes of a machine's memory, in the same unit; nothing where there is no such column |
 * | deadline | counted from its submission; an empty cell is none |
 * | priority | higher goes first; 0 where there is no such column |
 *
 * A time is ten years at most, and so are all submissions from the first to the last. Other columns are passed over. Tasks submitted at one time keep the order of the file.
 *
 * @throws DF_SPEC_INVALID with file and line
 */
export function readBag(text: string, file: string): Bag {
  const table = new CsvTable(text, file);
  const readRow = rowReader(table);
  const rows: Row[] = [];
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, 0];
  while (table.next()) {
    const row = readRow();
    rows.push(row);
    firstMs = Math.min(firstMs, row.submitMs);
    lastMs = Math.max(lastMs, row.submitMs);
    if (!(lastMs - firstMs <= tenYearsMs)) table.refuse("all tasks must be submitted within ten years", `${row.submitMs / secondMs} s`);
  }
  if (rows.length === 0) table.refuse("it must list tasks", "only its header");
  return new Bag(rows.sort((one, other) => one.submitMs - other.submitMs));
}

function rowReader(table: CsvTable): () => Row {
  const submitTime = table.require("submit_time");
  const duration = table.require("duration");
  const cpu = table.find("cpu");
  const memory = table.find("memory");
  const deadline = table.find("deadline");
  const priority = table.find("priority");
  return () => ({
    submitMs: table.number(submitTime, 0) * secondMs,
    durationMs: atMost(table, "duration", table.number(duration, 0), durationMax) * secondMs,
    cpus: cpu < 0 ? undefined : atMost(table, "cpu", table.number(cpu, 0), cpusMax),
    memoryBytes: memory < 0 ? undefined : table.number(memory, 0),
    deadlineMs:
      deadline < 0 || table.text(deadline) === ""
        ? undefined
        : atMost(table, "deadline", table.number(deadline, 0), durationMax) * secondMs,
    priority: priority < 0 ? 0 : atMost(table, "priority", table.number(priority, -priorityMax), priorityMax),
  });
}

function atMost(table: CsvTable, column: string, value: number, max: number): number {
  return value <= max ? value : table.refuse(`${column} must be at most ${max}`, String(value));
}
