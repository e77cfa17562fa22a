import { catalogue } from "../../actors/kernel/errors.js";

const begin = "<!-- errors:begin, written by `npm run docs` from actors/kernel/errors.ts -->";
const end = "<!-- errors:end -->";
const markers = /<!-- errors:begin\b[^>]*-->[\s\S]*?<!-- errors:end -->/;

/** The README with its troubleshooting table as the error catalogue has it now; undefined where the README has no place for one. */
export function withErrorTable(readme: string): string | undefined {
  return markers.test(readme) ? readme.replace(markers, () => `${begin}\n\n${errorTable()}\n\n${end}`) : undefined;
}

function errorTable(): string {
  const rows = Object.entries(catalogue).map(([code, { means, remedy }]) => `| \`${code}\` | ${cell(means)} | ${cell(remedy)} |`);
  return ["| code | what it means | what to do |", "|---|---|---|", ...rows].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
