import { describe, expect, test } from "vitest";
import { compile } from "./compile.js";
import type { CompiledWorkflow } from "./compiled-workflow.js";
import type { Flow } from "./flow.js";
import { listHandlers } from "./list-handlers.js";
import type { Ref } from "./ref.js";
import { workflow } from "./workflow.js";

const double = (n: number) => 2 * n;
const half = (n: number) => n / 2;
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

const define = (build: (flow: Flow, input: Ref<number[]>) => unknown) => workflow({ name: "w", module: import.meta.url }, build);

function namesOf({ source }: CompiledWorkflow): { handlerNames: readonly string[] } {
  return { handlerNames: source.kind === "workflow" ? source.handlerNames : [] };
}

describe("listHandlers", () => {
  test("lists what the graph names by position, each function once, through bodies and reduces", () => {
    const example = define((flow, input) => {
      const doubled = flow.map(input, (n) => flow.task(double, flow.task(half, n)));
      return [
        flow.task(half, input.length),
        flow.reduce(doubled, sum),
        flow.map(doubled, (n, i) => flow.map([n, i], (m) => flow.task(double, m))),
      ];
    });
    const compiled = compile(example);
    expect(compiled.handlers).toEqual([half, double, sum]);
    expect(namesOf(compiled)).toEqual({ handlerNames: ["half", "double", "sum"] });
    expect(listHandlers(example, namesOf(compiled))).toEqual([half, double, sum]);
  });

  test("refuses a builder that lists others than before, and says which", () => {
    let calls = 0;
    const unstable = define((flow, input) => {
      if (++calls === 1) return [flow.task(double, input.length), flow.task(half, 1)];
      return [flow.task(double, input.length), flow.task(() => 1), flow.task(half, 1)];
    });
    const compiled = compile(unstable);
    expect(() => listHandlers(unstable, namesOf(compiled))).toThrow(
      expect.objectContaining({
        code: "DF_BUILDER_UNSTABLE",
        message: expect.stringMatching(
          /workflow w in this thread.*found 3 handlers instead of 2; #1 a function without a name instead of half; #2 half instead of none$/,
        ),
      }),
    );
  });

  test("refuses another order", () => {
    const compiled = { handlerNames: ["half", "double"] };
    const example = define((flow) => [flow.task(double, 1), flow.task(half, 1)]);
    expect(() => listHandlers(example, compiled)).toThrow("#0 double instead of half; #1 half instead of double");
  });

  test("springs the same traps as compilation", () => {
    const example = define((flow, input) => [flow.task(half, 1), `${input.length}`]);
    expect(() => listHandlers(example, { handlerNames: ["half"] })).toThrow(expect.objectContaining({ code: "DF_REF_USED_AS_VALUE" }));
  });
});
