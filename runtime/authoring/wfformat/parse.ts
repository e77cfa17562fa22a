/**
 * Reads WfFormat: recorded executions of workflows, as JSON. Each version's document becomes a list of {@link RecordedTask}s; from
 * there on there is one way for all.
 *
 * The edges are what tasks say of their parents. `children` are the same edges from the other end: where a task names any, both ends
 * must agree, and a task that names no parents has those that name it as their child. Files are read for their sizes only; edges follow from them no more than they do for the recorder's own tools.
 */

import { found } from "../found.js";
import { parseJson } from "./parse-json.js";
import { type OneListDocument, readOneList } from "./read-one-list.js";
import { readTwoLists, type TwoListsDocument } from "./read-two-lists.js";
import type { RecordedTask } from "./recorded-task.js";
import { refuse } from "./refuse.js";
import { resolveParents } from "./resolve-parents.js";
import { runtimeMsMax, type Trace, type TraceTask } from "./trace.js";
import { validate } from "./validate.js";
import { oneListVersions } from "./versions.js";

/**
 * @param text a document of WfFormat, of any of the versions 1.0 to 1.5
 * @param file what messages call it
 * @throws DF_SPEC_INVALID with the file, the place in it (a JSON pointer) and the reason
 */
export function parseWfFormat(text: string, file: string): Trace {
  const document = parseJson(text, file);
  const version = validate(document, file);
  const recorded = recordedTasks(document, version, file);
  const parents = resolveParents(recorded, file);
  const tasks = recorded.map((task, position) => traceTask(task, parents[position]!, file));
  return { name: (document as TwoListsDocument | OneListDocument).name, version, tasks };
}

/** The schema of the version vouches for the shape of the document. */
function recordedTasks(document: unknown, version: string, file: string): RecordedTask[] {
  const oneList = oneListVersions.get(version);
  return oneList === undefined ? readTwoLists(document as TwoListsDocument, file) : readOneList(document as OneListDocument, oneList);
}

function traceTask(task: RecordedTask, parents: readonly number[], file: string): TraceTask {
  const { id, name, cores = 1, inputBytes } = task;
  return { id, name, category: categoryOf(task), parents, runtimeMs: runtimeMs(task, file), cores, inputBytes };
}

function runtimeMs({ path, id, runtimeSeconds }: RecordedTask, file: string): number {
  if (runtimeSeconds === undefined) refuse(file, `${path} must have a recorded run time`, `none for task ${found(id)}`);
  const ms = runtimeSeconds * 1000;
  if (ms >= 0 && ms <= runtimeMsMax) return ms;
  refuse(file, `the run time of ${path} must be from 0 to ${runtimeMsMax / 1000} s`, `${runtimeSeconds} s for task ${found(id)}`);
}

/**
 * The program that a task called; for a whole script, as Nextflow records it, the name of its process; without either the id less the
 * number at its end.
 */
function categoryOf({ category, program, name, id }: RecordedTask): string {
  if (category !== undefined) return category;
  if (program === undefined) return id.replace(/_(?:ID)?\d+$/, "") || id;
  return program.includes("\n") ? name : program;
}
