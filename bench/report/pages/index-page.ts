import type { RunManifest } from "../../experiments/run-folder.js";
import type { Summary } from "../../experiments/summary.js";
import { pathAddress } from "./claims-page.js";
import type { ComparableRun } from "./compare-view.js";
import { type Html, html, jsonScript } from "./html.js";
import { page } from "./page.js";

/** A run below `results/`. */
export interface IndexedRun {
  /** Name of its folder. */
  readonly folder: string;
  readonly manifest: RunManifest;
  readonly summaries: readonly Summary[];
}

/** `results/index.html`: all runs with their pages, the newest first, and two of them held against each other. */
export function indexPage(runs: readonly IndexedRun[]): string {
  const newest = [...runs].sort((a, b) => (a.manifest.time < b.manifest.time ? 1 : -1));
  const header = html`<h1>DataFlower: all runs</h1>`;
  const body = html`<h2>Runs</h2>
${runsTable(newest)}
<h2>Compare two runs</h2>
${newest.length < 2 ? html`<p>It takes two runs to compare.</p>` : choices(newest)}
${jsonScript("runs", newest.map(comparable))}`;
  return page({ title: "DataFlower: all runs", header, body });
}

function runsTable(runs: readonly IndexedRun[]): Html {
  const caption = `${runs.length} runs, the newest first`;
  const titles = ["time", "commit", "profile", "seed", "experiments", "complete", "pages"];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${runs.map(runRow)}</tbody>
</table></div>`;
}

function runRow({ folder, manifest }: IndexedRun): Html {
  const { time, commit, profile, seed, experiments, isPartial, reason = "" } = manifest;
  const done = experiments.filter(({ status }) => status === "done").length;
  const complete = isPartial ? html`<span class="verdict bad">PARTIAL</span> ${reason}` : "yes";
  const pages = ["report.html", "claims.html", "summary.md"].map(
    (file) => html`<a href="${pathAddress(`${folder}/${file}`)}">${file}</a> `,
  );
  return html`<tr><th scope="row">${time}</th><td>${commit}</td><td>${profile}</td><td>${seed}</td>
<td>${done} of ${experiments.length}</td><td>${complete}</td><td>${pages}</td></tr>\n`;
}

/** The newest run beside the one before it, until others are chosen. */
function choices(runs: readonly IndexedRun[]): Html {
  const options = (chosen: number) =>
    runs.map((run, at) => html`<option value="${at}"${at === chosen && html` selected`}>${titleOf(run)}</option>`);
  return html`<div class="choice"><label>A <select id="first-run">${options(1)}</select></label>
<label>B <select id="second-run">${options(0)}</select></label></div>
<div class="scroll" id="comparison" tabindex="0" role="region" aria-label="B ÷ A, metric by metric" aria-live="polite"></div>`;
}

function titleOf({ manifest: { time, commit, profile, isPartial } }: IndexedRun): string {
  return `${time.slice(0, 19).replace("T", " ")}, ${commit}, ${profile}${isPartial ? ", partial" : ""}`;
}

/** Only what is compared. */
function comparable(run: IndexedRun): ComparableRun {
  const summaries = run.summaries.map(({ category, experiment, variants }) => ({
    ...{ category, experiment },
    variants: variants.map(({ key, metrics }) => ({
      key,
      metrics: Object.fromEntries(Object.entries(metrics).map(([name, { values }]) => [name, { values }])),
    })),
  }));
  return { title: titleOf(run), summaries };
}
