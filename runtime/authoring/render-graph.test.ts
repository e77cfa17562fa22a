import { describe, expect, test } from "vitest";
import type { Graph } from "../../actors/workflow/graph.js";
import { compile } from "./compile.js";
import type { Ref } from "./ref.js";
import { graphFormats, renderGraph } from "./render-graph.js";
import { openGraph } from "./topology.js";
import { workflow } from "./workflow.js";

const load = (url: string) => url.length;
const scale = ({ size, factor }: { size: number; factor: number }) => size * factor;
const sum = (numbers: readonly number[]) => numbers.length;
const report = (total: number) => `${total}`;

const example = workflow({ name: "example", module: import.meta.url }, (flow, input: Ref<{ url: string; rows: number[][] }>) => {
  const factor = flow.task(load, input.url);
  const table = flow.map(input.rows, (row) => flow.map(row, (size) => flow.task(scale, { size, factor })), {
    name: "rows",
    concurrency: 4,
  });
  const total = flow.reduce([1, factor], sum, { arity: 8 });
  return { table, text: flow.task(report, total, { after: [table, factor] }) };
});
const graph = openGraph(compile(example).topology);

describe("renderGraph", () => {
  test("draws Mermaid: maps as subgraphs, data solid, order dashed", () => {
    expect(renderGraph(graph, "mermaid")).toBe(`flowchart TD
  n0(["input"])
  n1["load"]
  n2[/"rows (4 at a time)"\\]
  n3[\\"rows:gather"/]
  n4{{"sum (reduce by 8)"}}
  n6["report"]
  result(["result"])
  subgraph g2["rows: each item"]
    n7(["item"])
    n8[/"map"\\]
    n9[\\"map:gather"/]
    subgraph g8["map: each item"]
      n10(["item"])
      n11["scale"]
    end
  end
  n0 --> n1
  n0 --> n2
  n2 --> n7
  n1 --> n4
  n4 --> n6
  n3 --> result
  n6 --> result
  n7 --> n8
  n8 --> n10
  n9 --> n3
  n10 --> n11
  n1 --> n11
  n11 --> n9
  n1 -.-> n6
  n3 -.-> n6
`);
  });

  test("draws DOT: maps as clusters, data solid, order dashed", () => {
    expect(renderGraph(graph, "dot")).toBe(`digraph workflow {
  n0 [label="input", shape=ellipse];
  n1 [label="load", shape=box];
  n2 [label="rows (4 at a time)", shape=trapezium];
  n3 [label="rows:gather", shape=invtrapezium];
  n4 [label="sum (reduce by 8)", shape=hexagon];
  n6 [label="report", shape=box];
  result [label="result", shape=ellipse];
  subgraph cluster_g2 {
    label="rows: each item";
    n7 [label="item", shape=ellipse];
    n8 [label="map", shape=trapezium];
    n9 [label="map:gather", shape=invtrapezium];
    subgraph cluster_g8 {
      label="map: each item";
      n10 [label="item", shape=ellipse];
      n11 [label="scale", shape=box];
    }
  }
  n0 -> n1;
  n0 -> n2;
  n2 -> n7;
  n1 -> n4;
  n4 -> n6;
  n3 -> result;
  n6 -> result;
  n7 -> n8;
  n8 -> n10;
  n9 -> n3;
  n10 -> n11;
  n1 -> n11;
  n11 -> n9;
  n1 -> n6 [style=dashed];
  n3 -> n6 [style=dashed];
}
`);
  });

  test.each(graphFormats)("gives the same %s for the same workflow", (format) => {
    expect(renderGraph(openGraph(compile(example).topology), format)).toBe(renderGraph(graph, format));
  });

  // Names that files bring are not bound to the form of ids.
  const named = (name: string): Graph => ({ ...graph, name: (node) => (node === 1 ? name : graph.name(node)) });

  test.each([
    ['say "hi"', 'n1["say #34;hi#34;"]', 'n1 [label="say \\"hi\\"", shape=box];'],
    ["a\\b", 'n1["a#92;b"]', 'n1 [label="a\\\\b", shape=box];'],
    ["<b>&amp;", 'n1["#60;b#62;#38;amp#59;"]', 'n1 [label="<b>&amp;", shape=box];'],
    ["two\nlines", 'n1["two#10;lines"]', 'n1 [label="two\\nlines", shape=box];'],
    ["grün_1", 'n1["grün_1"]', 'n1 [label="grün_1", shape=box];'],
    ["](x)", 'n1["#93;(x)"]', 'n1 [label="](x)", shape=box];'],
  ])("escapes %j", (name, inMermaid, inDot) => {
    expect(renderGraph(named(name), "mermaid").split("\n")).toContain(`  ${inMermaid}`);
    expect(renderGraph(named(name), "dot").split("\n")).toContain(`  ${inDot}`);
  });
});
