import type { Picture, PictureGroup, PictureNode, Shape } from "./graph-picture.js";

const brackets: Readonly<Record<Shape, readonly [string, string]>> = {
  value: ["([", "])"],
  task: ["[", "]"],
  expand: ["[/", "\\]"],
  gather: ["[\\", "/]"],
  reduce: ["{{", "}}"],
};

/** https://mermaid.js.org/syntax/flowchart.html */
export function mermaid({ root, edges }: Picture): string {
  const arrows = edges.map(({ from, to, carriesData }) => `  ${from} ${carriesData ? "-->" : "-.->"} ${to}`);
  return `${["flowchart TD", ...members(root, "  "), ...arrows].join("\n")}\n`;
}

function members({ nodes, groups }: PictureGroup, indent: string): string[] {
  return [...nodes.map((node) => indent + shaped(node)), ...groups.flatMap((group) => subgraph(group, indent))];
}

function subgraph(group: PictureGroup, indent: string): string[] {
  return [`${indent}subgraph ${group.id}[${quoted(group.label)}]`, ...members(group, `${indent}  `), `${indent}end`];
}

function shaped({ id, label, shape }: PictureNode): string {
  const [open, close] = brackets[shape];
  return `${id}${open}${quoted(label)}${close}`;
}

/** Mermaid knows no backslash in a text: what would end it, or read as HTML or markup, is written by its character code. */
const quoted = (text: string): string => `"${text.replace(/[^\p{L}\p{N} ._:(),-]/gu, (character) => `#${character.codePointAt(0)};`)}"`;
