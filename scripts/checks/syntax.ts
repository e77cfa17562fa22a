/**
 * The syntax tree of a TypeScript file, reduced to what the checks ask of it: comments and strings can never look like code.
 */
import { parseSync } from "@swc/core";

/** Any node of the tree. Its fields depend on `type`; the checks read few of them, through the functions below. */
export interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A node together with where it hangs: its parent, and the parent's field that holds it. */
export interface Place {
  readonly node: SyntaxNode;
  readonly parent: SyntaxNode | undefined;
  readonly field: string;
  /** Line of the file; the first one is 1. */
  readonly line: number;
}

/** A module that a file names in an import or re-export. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Every node of a file, parents before children, in the order of the text. */
export function* places(source: string): Generator<Place> {
  const module = asNode(parseSync(source, { syntax: "typescript", target: "es2022", decorators: true }));
  if (module !== undefined) yield* below(module, undefined, "", 1, lineCounter(source));
}

/** Every import of a file, dynamic ones and types included. */
export function* importsOf(source: string): Generator<Import> {
  for (const { node, line } of places(source)) {
    const specifier = importedBy(node);
    if (specifier !== undefined) yield { specifier, line };
  }
}

/** The module that this very node imports. */
export function importedBy(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return textOf(node.source);
    case "TsImportType":
      return textOf(node.argument);
    case "CallExpression":
      return asNode(node.callee)?.type === "Import" ? textOf(nodesIn(node.arguments)[0]) : undefined;
    default:
      return undefined;
  }
}

/** The name of an identifier, or the value of a string, in whatever quotes. */
export function textOf(value: unknown): string | undefined {
  const node = asNode(value);
  if (node?.type === "Identifier" || node?.type === "StringLiteral") return String(node.value);
  if (node?.type === "TemplateLiteral" && nodesIn(node.expressions).length === 0) return String(nodesIn(node.quasis)[0]?.cooked);
  return undefined;
}

/** The value as a node, if it is one. */
export function asNode(value: unknown): SyntaxNode | undefined {
  return typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string" ? (value as SyntaxNode) : undefined;
}

/** Nodes held by a field: one, a list, or a list of wrappers such as `{ spread, expression }` that are no nodes themselves. */
export function nodesIn(value: unknown): SyntaxNode[] {
  if (typeof value !== "object" || value === null) return [];
  const node = asNode(value);
  return node === undefined ? Object.values(value).flatMap(nodesIn) : [node];
}

type LineAt = (offset: number) => number;

function* below(node: SyntaxNode, parent: SyntaxNode | undefined, field: string, parentLine: number, lineAt: LineAt): Generator<Place> {
  const start = (node.span as { start: number } | undefined)?.start;
  const line = start === undefined || start === 0 ? parentLine : lineAt(start - 1); // the parser counts bytes from 1; 0 is "nowhere"
  yield { node, parent, field, line };
  for (const [name, value] of Object.entries(node)) {
    for (const child of nodesIn(value)) yield* below(child, node, name, line, lineAt);
  }
}

function lineCounter(source: string): LineAt {
  const bytes = Buffer.from(source);
  let offset = 0;
  let line = 1;
  return (target) => {
    if (target < offset) [offset, line] = [0, 1];
    for (; offset < target; offset++) if (bytes[offset] === 10) line++;
    return line;
  };
}
