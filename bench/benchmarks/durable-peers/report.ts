import type { BarPicture } from "../../report/plots/picture.js";
import { count, rateWithInterval } from "../../report/quantities.js";
import { table } from "../../report/table.js";
import { ROWS, type Row } from "./rows.js";
import type { Cell } from "./summary.js";

/** First what each row keeps and how far it is to where that is kept, then a table of rates for each number of runs in flight. */
export function render(cells: readonly Cell[]): string {
  const measured = rowsOf(cells);
  const runsInFlight = unique(cells.map(({ inFlight }) => inFlight)).sort((a, b) => a - b);
  return [
    `What survives what\n\n${promisesTable(measured)}\n`,
    ...runsInFlight.map(
      (inFlight) =>
        `Tasks/s [95 %], ${inFlight === 1 ? "one run" : `${count(inFlight)} runs`} in flight; medians\n\n${ratesTable(
          measured,
          cells.filter((cell) => cell.inFlight === inFlight),
        )}\n`,
    ),
    "A dash: not measured; a flow must be a tree. Which BullMQ job is ready is counted in memory, which would not survive: what it costs to keep that is not in its rates.",
  ].join("\n");
}

/** A picture for each workload and number of runs in flight. */
export function plotsOf(cells: readonly Cell[]): BarPicture[] {
  return unique(cells.map(({ workload, inFlight }) => `${workload}-in-flight-${inFlight}`)).map((name) => {
    const ofPlot = cells.filter(({ workload, inFlight }) => `${workload}-in-flight-${inFlight}` === name);
    const { workload, inFlight } = ofPlot[0]!;
    return {
      name,
      kind: "bars",
      title: `${workload}, kept: tasks a second`,
      subtitle: `${count(inFlight)} in flight; lines: 95 % intervals`,
      x: { name: "tasks/s", scale: "log" },
      format: "rate",
      bars: rowsOf(ofPlot).map(({ title, contender }) => ({
        name: title,
        value: ofPlot.find(({ row }) => row === title)!.tasksPerSecond,
        isHighlighted: contender.startsWith("dataflower"),
      })),
    };
  });
}

function promisesTable(rows: readonly Row[]): string {
  const columns = ["contender", "survives the death of", "commit", "fsync", "between processes"].map((title) => ({
    title,
    align: "left" as const,
  }));
  return table(
    columns,
    rows.map(({ title, durability, commit, fsync, hops }) => [
      title,
      durability === "disk" ? "the machine" : "all processes",
      commit,
      fsync,
      hops,
    ]),
  );
}

function ratesTable(rows: readonly Row[], cells: readonly Cell[]): string {
  const workloads = unique(cells.map(({ workload }) => workload));
  return table(
    [{ title: "contender", align: "left" }, ...workloads.map((title) => ({ title, align: "right" as const }))],
    rows.map(({ title }) => [
      title,
      ...workloads.map((workload) => {
        const cell = cells.find((other) => other.row === title && other.workload === workload);
        return cell === undefined ? "-" : rateWithInterval(cell.tasksPerSecond);
      }),
    ]),
  );
}

/** Those that were measured, in the order of the list, whatever was measured first. */
function rowsOf(cells: readonly Cell[]): Row[] {
  return ROWS.filter(({ title }) => cells.some(({ row }) => row === title));
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];
