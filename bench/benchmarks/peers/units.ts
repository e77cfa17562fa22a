import type { MeasuringOptions } from "../../harness/measuring-options.js";
import { contenderNames } from "../../peers/graph/contenders.js";
import { wordCountContenders } from "../../peers/word-count/contenders.js";
import type { LabelledUnit } from "../measure-units.js";
import { paceOf } from "../paces.js";

/** What tells the samples of two units of a contender apart. */
export interface Labels {
  readonly handlers: Handlers;
}

export type Handlers = "sync" | "async";

export const GRAPHS = ["chain-40", "fan-100", "diamond-100", "stencil-100", "fft-96", "layered-100"] as const;
export const WORD_COUNT = "word-count";

/** Runs in flight; contenders that are faster with fewer have fewer (`inFlightMax` in peers/graph). */
export const IN_FLIGHT = 64;

/**
 * All graphs one after the other in one process for each contender and kind of handlers, or a round would take a quarter of an hour: so it takes less than
 * four minutes. Every graph has a session, threads and a warm-up of its own: 2 s for DataFlower, whose threads compile most; 0.5 s for the others, to which
 * more makes no difference. 0.6 s are measured.
 */
export function unitsOf({ cores, isQuick, packageRoot }: MeasuringOptions): LabelledUnit<Labels>[] {
  const ofGraphs = (contender: string, handlers: Handlers): LabelledUnit<Labels> => ({
    contender,
    workloads: isQuick ? ["layered-100"] : GRAPHS,
    labels: { handlers },
    parameters: { measure: "throughput", threads: cores, handlers, inFlight: IN_FLIGHT, ...paceOf(contender, isQuick) },
  });
  const ofWords = (contender: string): LabelledUnit<Labels> => ({
    contender,
    workloads: [WORD_COUNT],
    labels: { handlers: "sync" },
    parameters: { measure: "word-count", threads: cores, packageRoot, repeats: isQuick ? 1 : 5 },
  });
  return [
    ...contenderNames.map((contender) => ofGraphs(contender, "sync")),
    ...contenderNames
      .filter((contender) => (isQuick ? contender === "dataflower" : hasHandlers(contender)))
      .map((contender) => ofGraphs(contender, "async")),
    ...wordCountContenders.map(ofWords),
  ];
}

/** The plain loop has no handlers to wait for. */
const hasHandlers = (contender: string) => contender !== "sequential";
