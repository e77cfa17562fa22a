import type { BanditSnapshot, KindSnapshot, LateTask, RunTimeSnapshot } from "../../schedulers/index.js";
import { printableLine } from "./printable.js";

/** Lines of each list that are shown. */
const linesMax = 20;

export const nothingLearned = "this scheduler learns nothing";

/** What schedulers have learnt, for people. @param learned by the names of policies @param where whose policies: `runs`, `worker 0` */
export function learnedText(where: string, learned: Readonly<Record<string, object>>): string[] {
  return Object.entries(learned).flatMap(([name, snapshot]) => {
    const lines = linesOf(name, snapshot);
    return [printableLine(`${name}, ${where}: ${lines[0]}`), ...lines.slice(1).map((line) => `  ${printableLine(line)}`)];
  });
}

/** The policies of DataFlower's own; their learners go by their names. */
function linesOf(name: string, snapshot: object): string[] {
  if (name === "learned") return runTimes(snapshot as RunTimeSnapshot);
  if (name === "adaptive") return choices(snapshot as BanditSnapshot);
  if ("newest" in snapshot) return late(snapshot as { readonly count: number; readonly newest: readonly LateTask[] });
  return [JSON.stringify(snapshot)];
}

function runTimes({ kinds }: RunTimeSnapshot): string[] {
  const shown = kinds.toSorted((one, other) => other.count - one.count).slice(0, linesMax);
  return [counted(kinds.length, "kind of tasks", "kinds of tasks"), ...shown.map(runTime), ...rest(kinds.length)];
}

function runTime({ kind, count, isKnown, medianMs, errorFactors: [low, high], weights }: KindSnapshot): string {
  const typical = `${kind}: ${counted(count, "attempt", "attempts")}, median ${time(medianMs)}`;
  if (!isKnown) return `${typical}; not known well enough: goes by estimates`;
  const effects = Object.entries(weights).filter(([name, weight]) => name !== "constant" && Math.abs(weight) >= 0.05);
  const how = effects.map(([name, weight]) => `${weight > 0 ? "+" : ""}${weight.toFixed(2)} octaves per ${name}`).join(", ");
  const error = Number.isFinite(low) ? `; 80 % took ${low.toFixed(2)} to ${high.toFixed(2)} times what was predicted` : "";
  return `${typical}${error}${how === "" ? "" : `; ${how}`}`;
}

function choices({ starts, switchCount, switches }: BanditSnapshot): string[] {
  const shares = Object.entries(starts).map(([policy, count]) => `${counted(count, "task", "tasks")} by ${policy}`);
  const newest = switches
    .slice(-linesMax)
    .map(({ atMs, from, to, waiting, why }) => `at ${time(atMs)} from ${from} to ${to}: ${why}, ${waiting} waiting`);
  return [`${shares.join(", ") || "nothing started"}; ${counted(switchCount, "switch", "switches")}`, ...newest, ...rest(switchCount)];
}

function late({ count, newest }: { readonly count: number; readonly newest: readonly LateTask[] }): string[] {
  const shown = newest.slice(-linesMax).map(({ runId, task, lateMs }) => `${task} of ${runId}: ${time(lateMs)} late at best`);
  return [`${counted(count, "task", "tasks")} could not end in time any more`, ...shown, ...rest(count)];
}

const rest = (count: number): string[] => (count > linesMax ? [`and ${(count - linesMax).toLocaleString("en-US")} more`] : []);

const counted = (count: number, one: string, many: string): string => `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;

const time = (ms: number): string => (ms < 1_000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1_000).toPrecision(4))} s`);
