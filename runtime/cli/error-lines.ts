import { catalogue, type ErrorCode } from "../../actors/kernel/errors.js";
import { found } from "../authoring/found.js";
import { errorCodeOf, exitCodeOf, exitCodes } from "./exit-code.js";
import { printable, printableLine } from "./printable.js";

/** Causes below causes that are shown. */
const causesMax = 5;

/** Frames below a handler's own are ours, and the same in every stack. */
const ownFrames = [new URL("../../", import.meta.url).href, "node:internal/"];

/**
 * An error for people: what happened in one line, what to do about it, and below that, if something failed rather than was refused,
 * what caused it and where.
 */
export function errorLines(error: unknown): string {
  const code = errorCodeOf(error);
  const hasFailed = exitCodeOf(error) === exitCodes.failed;
  return [
    `dataflower: ${code}: ${printableLine(messageOf(error))}`,
    ...taskLines(error, code),
    `  ${catalogue[code].remedy}`,
    ...(code === "DF_INTERNAL" ? [`  ${stackOf(error)}`] : []),
    ...(hasFailed ? causeLines(error) : placeLines(error)),
  ].join("\n");
}

/** The message of a failed task names it already. */
function taskLines(error: unknown, code: ErrorCode): string[] {
  const task: unknown = error instanceof Error && "task" in error ? error.task : undefined;
  return typeof task !== "string" || code === "DF_TASK_FAILED" ? [] : [`  in task ${printableLine(task)}`];
}

function causeLines(error: unknown): string[] {
  const lines: string[] = [];
  for (let cause = causeOf(error); cause !== undefined && lines.length < causesMax; cause = causeOf(cause)) {
    lines.push(`  caused by ${stackOf(cause)}`);
  }
  return lines;
}

/** Where in the user's own code it was thrown: a module that does not load is found by this, and needs no stack. */
function placeLines(error: unknown): string[] {
  const cause = causeOf(error);
  const frame = cause instanceof Error ? /\bat (?:.*\()?(file:[^\s()]+:\d+:\d+)/.exec(String(cause.stack))?.[1] : undefined;
  return frame === undefined ? [] : [`  found at ${printableLine(frame)}`];
}

/** Indented below its first line. */
function stackOf(error: unknown): string {
  const text = error instanceof Error ? String(error.stack ?? `${error.name}: ${error.message}`) : found(error);
  const [first, ...frames] = printable(text).split("\n");
  return [first, ...frames.filter((line) => !ownFrames.some((own) => line.includes(own))).map((line) => `  ${line}`)].join("\n");
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : found(error));
