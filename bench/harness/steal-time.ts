import { readFileSync } from "node:fs";

/** Time that the processors have spent since the machine started, in ticks. */
export interface ProcessorTimes {
  readonly total: number;
  /** What another virtual machine took while ours wanted to run. */
  readonly stolen: number;
}

/** A measurement during which more than this was stolen says more about the neighbours than about what was measured. */
export const STEAL_SHARE_MAX = 0.02;

/** Undefined where the system does not say. */
export function readProcessorTimes(): ProcessorTimes | undefined {
  try {
    return parseProcessorTimes(readFileSync("/proc/stat", "utf8"));
  } catch {
    return undefined;
  }
}

/** First line of Linux' /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice; guests are counted under user already. */
export function parseProcessorTimes(stat: string): ProcessorTimes | undefined {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(" ").map(Number).slice(0, 8);
  if (fields?.length !== 8) return undefined;
  return { total: fields.reduce((sum, field) => sum + field, 0), stolen: fields[7]! };
}

/** Share of the time between two readings that was stolen; 0 where nobody knows. */
export function stealShare(before: ProcessorTimes | undefined, after: ProcessorTimes | undefined): number {
  if (before === undefined || after === undefined || after.total <= before.total) return 0;
  return (after.stolen - before.stolen) / (after.total - before.total);
}
