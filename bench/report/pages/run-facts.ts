import type { RunManifest } from "../../experiments/run-folder.js";
import type { Environment } from "../../harness/environment.js";
import { milliseconds } from "../quantities.js";
import { type Html, html } from "./html.js";

/** Where the numbers come from, a fact a line: pages and Markdown write the same. */
export function runFacts(
  { time, commit, profile, seed, command, elapsedMs }: RunManifest,
  environment: Environment,
): [name: string, fact: string][] {
  const { cpu, cores, memoryGiB, system, node, v8, flags, isDirty } = environment;
  return [
    ["time", time],
    ["commit", isDirty ? `${commit}, with changes that are not in it` : commit],
    ["profile", profile],
    ["seed", String(seed)],
    ["took", duration(elapsedMs)],
    ["machine", `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}`],
    ["Node.js", [`${node} (V8 ${v8})`, ...flags].join(" ")],
    ["repeat it", command],
  ];
}

export function factsMarkup(facts: readonly (readonly [string, string])[]): Html {
  return html`<dl class="facts">${facts.map(([name, fact]) => html`<dt>${name}</dt><dd>${fact}</dd>`)}</dl>`;
}

/** What a reader must not overlook. */
export function warnings({ isPartial, reason, profile, experiments }: RunManifest): string[] {
  const failed = experiments.flatMap(({ name, status, message }) =>
    status === "failed" ? [`FAILED: ${name}: ${message ?? "no reason is known"}`] : [],
  );
  const partial = `PARTIAL: something that was asked for is missing${reason === undefined ? "" : `: ${reason}`}`;
  return [
    ...(isPartial ? [partial] : []),
    ...failed,
    ...(profile === "quick"
      ? ["QUICK PROFILE: few rounds and short measurements. Read the intervals; --profile full is for conclusions."]
      : []),
  ];
}

export function warningsMarkup(manifest: RunManifest): Html {
  return html`${warnings(manifest).map((text) => html`<p class="banner ${text.startsWith("QUICK") ? "warn" : "bad"}">${text}</p>`)}`;
}

function duration(ms: number): string {
  return ms < 120_000 ? milliseconds(ms) : `${Math.round(ms / 60_000)} min`;
}
