import { LatencyHistogram } from "../harness/latency-histogram.js";
import type { Picture } from "../report/plots/picture.js";
import { pngOf } from "../report/plots/png.js";
import { svgOf } from "../report/plots/svg.js";
import { FileNames } from "./file-names.js";
import type { PlannedExperiment } from "./plan.js";
import type { RunFolder } from "./run-folder.js";
import type { Sample } from "./sample.js";
import { type Summary, summarise } from "./summary.js";

/** What came of one experiment. */
export interface Outcome {
  readonly summary: Summary;
  readonly pictures: readonly Picture[];
}

/** Computes it from the samples alone. */
export function outcomeOf(
  planned: PlannedExperiment,
  samples: readonly Sample[],
  { profile, seed, command }: Pick<Summary, "profile" | "seed" | "command">,
): Outcome {
  const { experiment, variants, rounds, steps } = planned;
  const bare = {
    category: experiment.category,
    experiment: experiment.name,
    question: experiment.question,
    headline: "",
    profile,
    seed,
    rounds,
    isPartial: samples.length < steps.length,
    command,
    ...summarise(samples, { variants, comparisons: experiment.comparisons?.(variants) ?? [], seed }),
    derived: experiment.derive?.(samples, variants, seed) ?? {},
    problems: experiment.check?.(samples) ?? [],
  };
  const summary = { ...bare, headline: experiment.headline(bare) };
  const drawn = experiment.figure(summary, samples).map(drawnOf);
  const undrawn = drawn.flatMap(({ problem }) => problem ?? []);
  return { summary: { ...summary, problems: [...summary.problems, ...undrawn] }, pictures: drawn.map(({ picture }) => picture) };
}

/** A picture that cannot be drawn is a problem of its experiment, and hides no other. */
function drawnOf(picture: Picture): { picture: Picture; svg?: string; problem?: string } {
  try {
    return { picture, svg: svgOf(picture) };
  } catch (error) {
    return { picture, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Keeps it beside its samples. */
export function keepOutcome(folder: RunFolder, path: string, { summary, pictures }: Outcome, samples: readonly Sample[]): void {
  folder.writeJson(`${path}/summary.json`, summary);
  for (const { name, text } of percentileFiles(samples)) folder.write(`${path}/${name}.hgrm`, text);
  for (const picture of pictures) {
    const { svg } = drawnOf(picture);
    if (svg === undefined) continue; // a problem of the summary
    folder.write(`${path}/plots/${picture.name}.svg`, svg);
    folder.write(`${path}/plots/${picture.name}.png`, pngOf(svg));
  }
}

/** Of each variant and latency, merged over all rounds. */
function percentileFiles(samples: readonly Sample[]): { name: string; text: string }[] {
  const encoded = new Map<string, string[]>();
  for (const { variant, latencies } of samples) {
    for (const [latency, one] of Object.entries(latencies ?? {})) {
      const name = `${variant} ${latency}`;
      encoded.set(name, [...(encoded.get(name) ?? []), one]);
    }
  }
  const files = new FileNames();
  return [...encoded].map(([name, all]) => ({ name: files.of(name), text: LatencyHistogram.merged(all).hgrm() }));
}
