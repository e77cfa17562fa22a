import type { Output, TaskGraph } from "./task-graph.js";

/** Inputs repeat after so many runs. */
export const DISTINCT_INPUTS = 16;
const inputs: readonly Output[] = Array.from({ length: DISTINCT_INPUTS }, (_, v) => ({ v, name: "run" }));

/** Input of the run with this number. Inputs repeat, so that every answer can be checked against a table at almost no cost. */
export function inputOf(run: number): Output {
  return inputs[run % DISTINCT_INPUTS]!;
}

/** Checks the answer of any run of one graph. */
export class Answers {
  readonly #graph: string;
  readonly #expected: readonly Output[][];

  constructor(graph: TaskGraph) {
    this.#graph = graph.name;
    this.#expected = inputs.map((input) => graph.expected(input));
  }

  /** Throws when the answer of this run is wrong: a number measured beside a wrong answer never counts. */
  check(run: number, answer: readonly Output[]): void {
    const expected = this.#expected[run % DISTINCT_INPUTS]!;
    let isRight = answer.length === expected.length;
    for (let k = 0; isRight && k < expected.length; k++) isRight = answer[k]!.v === expected[k]!.v && answer[k]!.name === expected[k]!.name;
    if (!isRight)
      throw new Error(
        `Cannot count run ${run} of ${this.#graph} as its answer is wrong: ${JSON.stringify(answer)}, not ${JSON.stringify(expected)}`,
      );
  }
}
