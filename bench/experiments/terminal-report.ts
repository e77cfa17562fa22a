import { relative } from "node:path";
import type { Report } from "../report/pages/report.js";
import { warnings } from "../report/pages/run-facts.js";
import { table } from "../report/table.js";

const COLUMN_GAP = 2;
const ROOM_MIN = 30;
const WIDTH = 120;

/** What a run says at its end: a line an experiment, what that says of each claim, and where everything stands. */
export function terminalReport({ environment, manifest, outcomes, claims }: Report, folder: string, width = WIDTH): string {
  const found = manifest.experiments.map(({ category, name, status, message }) => {
    const outcome = outcomes.find(({ summary }) => summary.experiment === name && summary.category === category);
    return [`${category}/${name}`, status, message ?? outcome?.summary.headline ?? ""];
  });
  const judged = claims.map(({ statement, verdict, figure }) => [verdict, statement, figure]);
  return [
    `${environment.cpu}, ${environment.cores} cores, Node ${environment.node}`,
    ...warnings(manifest),
    "",
    leftTable(["experiment", "status", "found"], found, width),
    "",
    leftTable(["verdict", "claim", "measured"], judged, width),
    "",
    `Report: ${relative(process.cwd(), folder)}/report.html`,
    "",
  ].join("\n");
}

/** The last column is wrapped where lines would be longer than `width`. */
function leftTable(titles: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const before = titles.slice(0, -1).map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)) + COLUMN_GAP);
  const room = Math.max(ROOM_MIN, width - before.reduce((sum, each) => sum + each, 0));
  return table(
    titles.map((title) => ({ title, align: "left" as const })),
    rows.flatMap((row) => wrapped(row.at(-1)!, room).map((line, at) => [...(at === 0 ? row.slice(0, -1) : before.map(() => "")), line])),
  );
}

/** Between words, into lines of at most so many characters where words are not longer. */
function wrapped(text: string, room: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
