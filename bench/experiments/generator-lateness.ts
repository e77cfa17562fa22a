import { LATENESS_SHARE_MAX } from "../harness/open-loop/verdict.js";
import type { VariantSummary } from "./summary.js";

/**
 * Whether the load generator was so late that latencies of this name mostly are its own, at the medians of all rounds. Samples of an open loop keep its
 * `lateness` beside them. Where there are too few runs for a median nobody can tell.
 */
export function isGeneratorLate({ latencies }: Pick<VariantSummary, "latencies">, name: string): boolean {
  const [late, measured] = [latencies.lateness?.p50, latencies[name]?.p50];
  return late !== undefined && measured !== undefined && late > LATENESS_SHARE_MAX * measured;
}

/** What is added to the name of latencies that mean nothing because of it; empty for others. */
export function latenessNote(variant: Pick<VariantSummary, "latencies">, name: string): string {
  return isGeneratorLate(variant, name) ? " (void: generator late)" : "";
}
