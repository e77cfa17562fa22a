import { readdirSync, readFileSync } from "node:fs";

/** Time that each thread of this process has spent on a processor since it began, in ms, by its number in the system. Linux only. */
export function threadTimesMs(): Map<number, number> {
  const times = new Map<number, number>();
  for (const thread of readdirSync("/proc/self/task")) {
    const stat = readStat(thread);
    if (stat !== undefined) times.set(Number(thread), stat);
  }
  return times;
}

/** Ticks of a hundredth of a second, as Linux counts everywhere for programs. */
const MS_PER_TICK = 10;

/** Undefined for a thread that has just ended. Its name stands in parentheses and may hold spaces; user and system time are 12 and 13 fields behind it. */
function readStat(thread: string): number | undefined {
  try {
    const fields = readFileSync(`/proc/self/task/${thread}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return undefined;
  }
}

/** What each thread spent between two readings, the most first; `main` is the thread that the process began with. */
export function spentMs(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): { main: number; others: number[] } {
  const spent = (thread: number, ms: number) => ms - (before.get(thread) ?? 0);
  const others = [...after].filter(([thread]) => thread !== process.pid).map(([thread, ms]) => spent(thread, ms));
  return { main: spent(process.pid, after.get(process.pid) ?? 0), others: others.sort((a, b) => b - a) };
}
