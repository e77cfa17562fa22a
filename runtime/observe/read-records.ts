import { type Graph, NODE_EXPAND_REDUCE } from "../../actors/workflow/graph.js";
import { ATTEMPT, ENDED, NODE, POSITIONS, RETURNED, STARTED, WORDS } from "./record-layout.js";
import type { TaskRecord } from "./task-record.js";

/** Where records come from, and what their times count from. */
export interface RecordSource {
  readonly graph: Graph;
  readonly worker: number;
  /** Submission of the run, in ms on the engine's clock. */
  readonly submittedAt: number;
}

/** Reads what a worker has handed over of one run. */
export function readRecords(words: Float64Array, source: RecordSource): TaskRecord[] {
  const nameOf = namesOf(source.graph);
  const records: TaskRecord[] = [];
  for (let at = 0; at < words.length; at += words[at + WORDS] as number) {
    records.push(recordOf(words.subarray(at, at + (words[at + WORDS] as number)), source, nameOf));
  }
  return records;
}

function recordOf(words: Float64Array, { graph, worker, submittedAt }: RecordSource, nameOf: (node: number) => string): TaskRecord {
  const node = words[NODE] as number;
  const name = nameOf(node);
  const isOfReduce = graph.kind[node] === NODE_EXPAND_REDUCE;
  const positions = words.subarray(isOfReduce ? POSITIONS + 1 : POSITIONS);
  const record: TaskRecord = {
    path: name + brackets(positions),
    name,
    attempt: words[ATTEMPT] as number,
    worker,
    startedAt: (words[STARTED] as number) - submittedAt,
    endedAt: (words[ENDED] as number) - submittedAt,
    outcome: words[RETURNED] === 1 ? "returned" : "failed",
  };
  return isOfReduce ? { ...record, listLength: words[POSITIONS] as number } : record;
}

/** Names by node: the graph makes them anew each time. */
function namesOf(graph: Graph): (node: number) => string {
  const names = new Map<number, string>();
  return (node) => {
    let name = names.get(node);
    if (name === undefined) {
      name = graph.name(node);
      names.set(node, name);
    }
    return name;
  };
}

/** Positions stand innermost first, in a path outermost first. */
function brackets(positions: Float64Array): string {
  let text = "";
  for (const position of positions) text = `[${position}]${text}`;
  return text;
}
