import type { Picture, PictureGroup, PictureNode, Shape } from "./graph-picture.js";

const shapes: Readonly<Record<Shape, string>> = {
  value: "ellipse",
  task: "box",
  expand: "trapezium",
  gather: "invtrapezium",
  reduce: "hexagon",
};

/** https://graphviz.org/doc/info/lang.html */
export function dot({ root, edges }: Picture): string {
  const arrows = edges.map(({ from, to, carriesData }) => `  ${from} -> ${to}${carriesData ? "" : " [style=dashed]"};`);
  return `${["digraph workflow {", ...members(root, "  "), ...arrows, "}"].join("\n")}\n`;
}

function members({ nodes, groups }: PictureGroup, indent: string): string[] {
  return [...nodes.map((node) => indent + shaped(node)), ...groups.flatMap((group) => cluster(group, indent))];
}

/** Graphviz draws a frame around subgraphs whose names begin with "cluster". */
function cluster(group: PictureGroup, indent: string): string[] {
  const inside = `${indent}  `;
  return [`${indent}subgraph cluster_${group.id} {`, `${inside}label=${quoted(group.label)};`, ...members(group, inside), `${indent}}`];
}

const shaped = ({ id, label, shape }: PictureNode): string => `${id} [label=${quoted(label)}, shape=${shapes[shape]}];`;

const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&").replace(/\r?\n/g, "\\n")}"`;
