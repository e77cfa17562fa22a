// Mistakes. The compiler must find one in every numbered program (N…) and none anywhere else; a program ends where the next begins.
// Programs that begin with H are mistakes that types cannot see: they compile, and a trap of the ref or the runtime finds them.
import { type Engine, type Flow, type Ref, type TaskContext, workflow } from "dataflower";
import { z } from "zod";

declare const flow: Flow;
declare const engine: Engine;
declare function download(_: { url: string }, context: TaskContext): Promise<Uint8Array>;
declare function resize(_: { image: Uint8Array; width: number }): Promise<Uint8Array>;
declare function double(n: number): number;
declare const input: Ref<{
  url: string;
  widths: number[];
  ok: boolean;
  note?: string;
  who: { name: string } | null;
  bytes: Uint8Array;
  both: { kind: "n"; n: number } | { kind: "s"; s: string };
}>;
const image = flow.task(download, { url: "u" });
const annotated = workflow({ name: "n", module: "m" }, (flow, input: Ref<{ url: string }>) => flow.task(download, { url: input.url }));
const schematic = workflow({ name: "n", module: "m", input: z.object({ n: z.number() }) }, (flow, input) => flow.task(double, input.n));

// N01 wrong type
flow.task(download, { url: input.widths });
// N02 misspelt field
flow.task(resize, { image, widht: 64 });
// N03 missing field
flow.task(resize, { image });
// N04 field of bytes
flow.task(resize, { image: input.bytes.length, width: 3 });
// N05 excess field
flow.task(download, { url: "u", extra: 1 });
// N06 unknown property
flow.task(download, { url: input.missing });
// N07 map over a text
flow.map(input.url, (c) => flow.task(download, { url: c }));
// N08 Array.map on a ref
input.widths.map((w: number) => w);
// N09 optional to required
flow.task(download, { url: input.note });
// N10 through null
flow.task(download, { url: input.who.name });
// N11 member of one arm
flow.task(double, input.both.n);
// N12 wrong type deep inside
flow.task((_: { a: { b: { c: number[] } } }) => 0, { a: { b: { c: [1, "two"] } } });
// N13 no inputs
flow.task(download);
// N14 arithmetic
flow.task(double, input.widths.length + 1);
// N15 iterate
for (const w of input.widths) void w;
// N16 compare
if (input.widths.length > 3) void 0;
// N17 output of nothing as input
flow.task(
  double,
  flow.task(() => {}),
);
// N18 unknown as input
flow.task(
  double,
  flow.task((): unknown => 1),
);
// N19 function in output
flow.task(() => ({ value: 1, next: () => 2 }));
// N20 promise in output
flow.task(() => ({ later: Promise.resolve(1) }));
// N21 wrong fallback
flow.task(double, 1, { fallback: "none" });
// N22 duration in words
flow.task(double, 1, { timeout: "5 minutes" });
// N23 generic handler
flow.task(
  double,
  flow.task(<T>(_: { value: T }): T => _.value, { value: 1 }),
);
// N24 type of a map's element
flow.map(input.widths, (w) => flow.task(download, { url: w }));
// N25 misspelt input of a run
await engine.run(annotated, { uri: "x" });
// N26 wrong type in the input of a run
await engine.run(schematic, { n: "1" });
// N27 type of a result
export const text: string = await engine.run(schematic, { n: 1 });
// N28 neither schema nor annotation
workflow({ name: "n", module: "m" }, (flow, input) => flow.task(download, { url: input.url }));
// N29 index of a list
flow.task(double, input.widths[0]);
// N30 handler of two arguments
flow.task((a: number, b: number) => a + b, 1);
// N31 if (ref)
if (input.ok) flow.task(double, 1);
// N32 ref ? a : b
export const choice = input.ok ? 1 : 2;
// N33 ref && a
export const both = input.ok && 1;
// N34 ref === value
export const equal = input.url === "x";
// N35 class with methods
flow.task(
  () =>
    new (class {
      x = 1;
      greet() {
        return "";
      }
    })(),
);
// N36 list that may be missing
flow.map(flow.task((): { l?: number[] } => ({})).l, (x) => x);
// N37 Buffer wants Buffer
flow.task((_: { b: Buffer }) => 1, { b: image });
// N38 unknown option
flow.task(double, 1, { retires: 3 });
// N39 URL is not data
flow.task(() => ({ at: new URL("http://x/") }));
// N40 generator
flow.task(async function* () {
  yield 1;
});
// N41 reduce of elements of another type
flow.reduce(input.widths, (words: string[]) => words.join(""));
// N42 reduce that returns another type
flow.reduce(input.widths, (numbers: number[]) => numbers.join(""));
// N43 reduce over one value
flow.reduce(input.ok, (numbers: number[]) => numbers.length);
// N44 plain list with one wrong ref
flow.reduce([1, input.url], (numbers: number[]) => numbers.length);
// N45 option of reduce on a task
flow.task(double, 1, { arity: 2 });
// N46 executor that this version does not have
flow.task(double, 1, { executor: "lambda" });
// N47 size without a unit it knows
flow.task(double, 1, { memory: "512MB" });
// N48 order after data
flow.task(double, 1, { after: [1] });
// N49 shared memory in output
flow.task(() => ({ memory: new SharedArrayBuffer(8) }));
// N50 name among the defaults of all tasks
workflow({ name: "n", module: "m", defaults: { name: "x" } }, (flow) => flow.task(double, 1));
// N51 no module
workflow({ name: "n" }, (flow) => flow.task(double, 1));
// N52 a thing that is no workflow
await engine.run({ name: "n" }, 1);
// N53 body that takes what the list does not hold
flow.map([input.url], (n: Ref<number>) => flow.task(double, n));

// H01 template literal
flow.task(download, { url: `${input.url}/x` });
// H02 text concatenation
// biome-ignore lint/style/useTemplate: the mistake is shown as it is made
flow.task(download, { url: input.url + "/x" });
// H03 spread
flow.task(download, { ...input, url: "x" });
// H04 or
flow.task(download, { url: input.url || "x" });
// H05 JSON
JSON.stringify(input);
// H06 negation
export const not = !input.ok;
// H07 value from outside the graph
const now = Date.now();
flow.task(() => now);
