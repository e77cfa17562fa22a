import { digestOf } from "../harness/digest.js";
import { graphOf } from "./graphs.js";
import { DISTINCT_INPUTS, inputOf } from "./inputs.js";

/** A digest of the right answers to all inputs of a workload. A run that answers anything else is an error, so all that count gave these. */
export function answersDigest(workload: string): string {
  const graph = graphOf(workload);
  const answers = Array.from({ length: DISTINCT_INPUTS }, (_, run) => graph.expected(inputOf(run)));
  return digestOf(answers);
}
