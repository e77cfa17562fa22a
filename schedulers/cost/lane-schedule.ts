import { type CostedFunction, runTimeMs } from "./costed-function.js";

/**
 * How long one invocation takes that executes several functions in so many lanes side by side. Whenever a lane is free, it takes the first in
 * the list that waits for no other one in it: a list schedule (R. L. Graham, 1966).
 *
 * Each lane has its share of the cores for the whole time, also while another lane waits or has nothing left: a processor that is shared as
 * it is needed is never slower.
 *
 * @param members positions in `functions`, each behind those that it waits for; what they wait for besides has ended
 * @param cores of the invocation
 */
export function laneScheduleMs(functions: readonly CostedFunction[], members: readonly number[], lanes: number, cores: number): number {
  const msOf = (position: number): number => runTimeMs(functions[position] as CostedFunction, cores / lanes);
  if (lanes === 1) return members.reduce((sum, position) => sum + msOf(position), 0);
  const waiting = [...members];
  const unfinished = new Set(members);
  const running = new Map<number, number>();
  let nowMs = 0;
  while (unfinished.size > 0) {
    const next = running.size < lanes ? waiting.findIndex((position) => isReady(functions[position] as CostedFunction, unfinished)) : -1;
    if (next >= 0) {
      const [position] = waiting.splice(next, 1) as [number];
      running.set(position, nowMs + msOf(position));
      continue;
    }
    nowMs = Math.min(...running.values());
    for (const [position, endMs] of running) if (endMs <= nowMs && running.delete(position)) unfinished.delete(position);
  }
  return nowMs;
}

const isReady = ({ after }: CostedFunction, unfinished: ReadonlySet<number>): boolean => after.every((before) => !unfinished.has(before));

/** Memory in MB that so many lanes hold at most: that of the largest members, one a lane. */
export function heldMb(functions: readonly CostedFunction[], members: readonly number[], lanes: number): number {
  const peaks = members.map((position) => (functions[position] as CostedFunction).peakMb).sort((a, b) => b - a);
  return peaks.slice(0, lanes).reduce((sum, peak) => sum + peak, 0);
}
