import { TITLES, titleOf } from "../../peers/titles.js";
import type { BarPicture } from "../../report/plots/picture.js";
import { rate, ratioWithInterval } from "../../report/quantities.js";
import { type Column, table } from "../../report/table.js";
import type { Cell } from "./summary.js";
import { type Handlers, IN_FLIGHT, WORD_COUNT } from "./units.js";

const KINDS = ["sync", "async"] as const;
/** How many of the best peers have their ratios in the text; all ratios are in the summary. */
const BEST_COUNT = 3;

/** Where a peer wins stands first. */
export function render(cells: readonly Cell[], threads: number): string {
  return [
    winsOf(cells),
    ...KINDS.map(
      (handlers) =>
        `Tasks/s, ${handlers} handlers; graphs: ${conditionsOf("graphs", threads)}; medians\n\n${ratesTable(ofKind(cells, handlers))}\n`,
    ),
    ...KINDS.map(
      (handlers) =>
        `DataFlower ÷ the best ${BEST_COUNT} peers [95 %], ${handlers} handlers; below 1 it is slower\n\n${ratiosTable(ofKind(cells, handlers))}\n`,
    ),
    "The plain loop is the work alone, without tasks. Word count goes one count at a time: Promise.all and async.auto read files without blocking their thread, all others block it.",
  ].join("\n");
}

/** A picture for each workload and kind of handlers. */
export function plotsOf(cells: readonly Cell[], threads: number): BarPicture[] {
  return KINDS.flatMap((handlers) => {
    const ofHandlers = ofKind(cells, handlers);
    return unique(ofHandlers.map(({ workload }) => workload)).map((workload) => ({
      name: `${workload}-${handlers}`,
      kind: "bars",
      title: `${workload}: tasks a second`,
      subtitle: `${handlers} handlers; ${conditionsOf(workload, threads)}; lines: 95 % intervals`,
      x: { name: "tasks/s", scale: "log" },
      format: "rate",
      bars: inOrder(ofHandlers.filter((cell) => cell.workload === workload)).map(({ contender, tasksPerSecond }) => ({
        name: titleOf(contender),
        value: tasksPerSecond,
        isHighlighted: isOurs(contender),
      })),
    }));
  });
}

function conditionsOf(workload: string, threads: number): string {
  return `${workload === WORD_COUNT ? "one count at a time" : `${IN_FLIGHT} runs in flight`}, ${threads} threads`;
}

function winsOf(cells: readonly Cell[]): string {
  const wins = inOrder(cells).filter(({ contender, dataflowerRatio }) => !isOurs(contender) && dataflowerRatio && dataflowerRatio.high < 1);
  if (wins.length === 0) return "Nobody is faster than DataFlower here.\n";
  const lines = unique(wins.map(({ contender, handlers }) => `${titleOf(contender)}, ${handlers}`)).map((line) => {
    const ofLine = wins.filter(({ contender, handlers }) => line === `${titleOf(contender)}, ${handlers}`);
    return `  ${line}: ${ofLine.map(({ workload, dataflowerRatio }) => `${workload} (${ratioWithInterval(dataflowerRatio!)})`).join(", ")}`;
  });
  return `Faster than DataFlower, with DataFlower ÷ it [95 %]:\n${lines.join("\n")}\n`;
}

function ratesTable(cells: readonly Cell[]): string {
  const contenders = unique(inOrder(cells).map(({ contender }) => contender));
  return grid(contenders, cells, ({ tasksPerSecond }) => rate(tasksPerSecond.median));
}

function ratiosTable(cells: readonly Cell[]): string {
  return grid(bestPeers(cells), cells, ({ dataflowerRatio }) => ratioWithInterval(dataflowerRatio!));
}

/** One row a contender, one column a workload; a dash for what was not measured. */
function grid(contenders: readonly string[], cells: readonly Cell[], write: (cell: Cell) => string): string {
  const workloads = unique(cells.map(({ workload }) => workload));
  const columns: Column[] = [{ title: "contender", align: "left" }, ...workloads.map((title) => ({ title, align: "right" as const }))];
  const rows = contenders.map((contender) => [
    titleOf(contender),
    ...workloads.map((workload) => {
      const cell = cells.find((other) => other.contender === contender && other.workload === workload);
      return cell === undefined ? "-" : write(cell);
    }),
  ]);
  return table(columns, rows);
}

/** Of those that run tasks, the ones that leave DataFlower least ahead, by the geometric mean over the workloads. */
export function bestPeers(cells: readonly Cell[]): string[] {
  const lead = (contender: string) => {
    const logs = cells.flatMap((cell) => (cell.contender === contender ? [Math.log(cell.dataflowerRatio!.median)] : []));
    return logs.reduce((sum, log) => sum + log, 0) / logs.length;
  };
  const peers = unique(cells.map(({ contender }) => contender)).filter((contender) => !isOurs(contender) && contender !== "sequential");
  return peers.sort((a, b) => lead(a) - lead(b)).slice(0, BEST_COUNT);
}

const ofKind = (cells: readonly Cell[], handlers: Handlers) => cells.filter((cell) => cell.handlers === handlers);
const isOurs = (contender: string) => contender.startsWith("dataflower");
const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** In the order of the titles, whatever was measured first. */
function inOrder(cells: readonly Cell[]): Cell[] {
  const order = Object.keys(TITLES);
  return [...cells].sort((a, b) => order.indexOf(a.contender) - order.indexOf(b.contender));
}
