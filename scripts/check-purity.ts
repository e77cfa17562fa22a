/**
 * Holds the sources to the rules of `checks/purity-rules.ts`: which globals, imports and kinds of function each folder may name.
 *
 * Names are judged without their scope: a local variable called `process` counts as the global. Fields and methods may have any name.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Finding, isProgram, report, type Verdict } from "./checks/finding.js";
import { purityRules } from "./checks/purity-rules.js";
import { sourceFiles } from "./checks/source-files.js";
import { asNode, importedBy, nodesIn, type Place, places, type SyntaxNode, textOf } from "./checks/syntax.js";

/** Checks every source below `root`. */
export function checkPurity(root: string): Verdict {
  const sources = sourceFiles(root);
  return { lookedAt: sources.length, findings: sources.flatMap((path) => impurities(path, readFileSync(join(root, path), "utf8"))) };
}

function impurities(path: string, source: string): Finding[] {
  const rules = purityRules.filter(({ files, except }) => files.test(path) && !except.test(path));
  return [...places(source)].flatMap((place) =>
    usesOf(place).flatMap((use) =>
      rules
        .filter(({ forbidden }) => forbidden.test(use))
        .map(({ name, why }) => ({ path, line: place.line, message: `${name}: found ${use}; ${why}` })),
    ),
  );
}

/** What a node names, in words that rules can forbid: `process`, `Date.now`, `new Date()`, `async`, `import "node:fs"`, … */
function usesOf(place: Place): string[] {
  const { node } = place;
  const imported = importedBy(node);
  const uses = imported === undefined ? [] : [`import "${imported}"`];
  switch (node.type) {
    case "Identifier":
      return isReference(place) ? [String(node.value)] : [];
    case "MemberExpression":
      return pathOf(node);
    case "VariableDeclarator":
      return destructuredFrom(node);
    case "NewExpression":
      return pathOf(node.callee).map((callee) =>
        callee === "Date" && nodesIn(node.arguments).length > 0 ? "new Date(…)" : `new ${callee}()`,
      );
    case "CallExpression":
      return [...uses, ...(asNode(node.callee)?.type === "Import" ? ["import()"] : pathOf(node.callee).map((callee) => `${callee}()`))];
    case "AwaitExpression":
      return ["await"];
    case "ForOfStatement":
      return node.await === true ? ["await"] : [];
    default:
      return isAsync(node) ? [...uses, "async"] : uses;
  }
}

/** Whether an identifier stands for a variable or type, and does not merely name a field, a label or the other side of an import. */
function isReference({ parent, field }: Place): boolean {
  if (parent?.type === "TsQualifiedName") return field === "left";
  return !["property", "key", "label", "imported", "exported", "qualifier"].includes(field);
}

/** `a.b["c"]` as `a.b.c`; what hangs on the global object is spelled as if it stood alone. Empty where it is not a plain path. */
function pathOf(value: unknown): string[] {
  const node = unwrapped(asNode(value));
  if (node?.type === "Identifier") return [String(node.value)];
  if (node?.type !== "MemberExpression") return [];
  const property = asNode(node.property);
  const name = textOf(property?.type === "Computed" ? property.expression : property);
  return name === undefined ? [] : pathOf(node.object).map((object) => member(object, name));
}

/** What is inside parentheses and casts. */
function unwrapped(node: SyntaxNode | undefined): SyntaxNode | undefined {
  const isWrapper = /^(ParenthesisExpression|TsAsExpression|TsNonNullExpression|TsSatisfiesExpression|TsTypeAssertion)$/;
  return node !== undefined && isWrapper.test(node.type) ? unwrapped(asNode(node.expression)) : node;
}

/** `const { now } = Date` uses `Date.now`. */
function destructuredFrom({ id, init }: SyntaxNode): string[] {
  const pattern = asNode(id);
  if (pattern?.type !== "ObjectPattern") return [];
  const keys = nodesIn(pattern.properties).flatMap(({ key }) => textOf(key) ?? []);
  return pathOf(init).flatMap((object) => keys.map((key) => member(object, key)));
}

function member(object: string, name: string): string {
  return object === "globalThis" || object === "global" ? name : `${object}.${name}`;
}

/** A method's function is a field of the method, every other function is a node of its own. */
function isAsync(node: SyntaxNode): boolean {
  return node.async === true || (node.function as { async?: boolean } | undefined)?.async === true;
}

if (isProgram(import.meta.url)) report("purity", checkPurity(process.cwd()));
