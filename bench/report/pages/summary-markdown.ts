import type { Outcome } from "../../experiments/outcome.js";
import { oneLine } from "../printable.js";
import { pathAddress } from "./claims-page.js";
import { measuredOf } from "./claims-table.js";
import type { Report } from "./report.js";
import { runFacts, warnings } from "./run-facts.js";
import { absences, findingsTable, type TextTable, variantsTable } from "./variants-table.js";

/** summary.md: the report without its pictures, which it links to. */
export function summaryMarkdown({ environment, manifest, outcomes, claims }: Report): string {
  const categories = [...new Set(outcomes.map(({ summary }) => summary.category))];
  return [
    "# DataFlower: experiments",
    ...warnings(manifest).map((text) => `**${escaped(text)}**`),
    runFacts(manifest, environment)
      .map(([name, fact]) => `- ${name}: ${escaped(fact)}`)
      .join("\n"),
    ...(claims.length > 0 ? ["## What was claimed", claimsMarkdown(claims)] : []),
    ...categories.flatMap((category) => [
      `## ${escaped(category.replaceAll("_", " "))}`,
      ...outcomes.filter(({ summary }) => summary.category === category).flatMap(experimentMarkdown),
    ]),
  ]
    .join("\n\n")
    .concat("\n");
}

function claimsMarkdown(claims: Report["claims"]): string {
  return tableMarkdown({
    caption: "",
    columns: ["claim", "statement", "measured [95 %]", "verdict", "note"],
    rows: claims.map((claim) => [claim.name, claim.statement, measuredOf(claim), claim.verdict, claim.note]),
  });
}

function experimentMarkdown({ summary, pictures }: Outcome): string[] {
  const { category, experiment, question, headline, problems, variants, isPartial, command } = summary;
  const findings = findingsTable(summary);
  const plots = pictures.map(({ name, title }) => `- [${escaped(title)}](${pathAddress(`${category}/${experiment}/plots/${name}.svg`)})`);
  return [
    `### ${escaped(question)}`,
    ...(headline === "" ? [] : [escaped(headline)]),
    ...(isPartial ? ["**PARTIAL: it ended before all rounds were measured.**"] : []),
    ...(problems.length === 0 ? [] : [`**Something is wrong:**\n\n${listOf(problems)}`]),
    ...(plots.length === 0 ? [] : [plots.join("\n")]),
    ...(findings.rows.length === 0 ? [] : [tableMarkdown(findings)]),
    tableMarkdown(variantsTable(summary)),
    ...(absences(variants).length === 0 ? [] : [`Not measured here:\n\n${listOf(absences(variants))}`]),
    `Repeated by ${escaped(command)}`,
  ];
}

function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${escaped(line)}`).join("\n");
}

function tableMarkdown({ columns, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(columns), `|${columns.map(() => " --- |").join("")}`, ...rows.map(line)].join("\n");
}

/** Text that stays text: neither markup nor Markdown, and on one line. */
function escaped(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_[\]|<>#]/g, (letter) => `\\${letter}`)
    .replaceAll("&", "&amp;");
}
