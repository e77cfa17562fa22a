import type { Bar, Line } from "../report/plots/picture.js";
import type { MetricSummary, Summary, VariantSummary } from "./summary.js";

/** Variants that differ in one number beside the one that names their line: how they are drawn. */
export interface Axes {
  /** Label that names the line of a variant. */
  readonly line: string;
  /** Label that gives its place from left to right. */
  readonly x: string;
  /** Metric that gives its height. */
  readonly y: string;
}

/** Lines over a plane, each with its intervals and all of its samples. A variant that was not measured leaves a gap. */
export function linesOf(variants: readonly VariantSummary[], { line, x, y }: Axes): Line[] {
  const names = [...new Set(variants.map(({ labels }) => String(labels[line])))];
  return names.map((name) => {
    const own = variants.filter(({ labels }) => String(labels[line]) === name);
    const points = own.map((variant) => ({ x: Number(variant.labels[x]), y: variant.metrics[y] })).sort((a, b) => a.x - b.x);
    return {
      name,
      points: points.map((point) => ({ x: point.x, y: estimateOf(point.y) })),
      samples: points.flatMap((point) => (point.y?.values ?? []).map((value) => [point.x, value] as const)),
    };
  });
}

/** A bar a variant, with its interval and all of its samples. */
export function barsOf(
  { variants }: Summary,
  {
    name,
    metric,
    highlighted,
  }: { readonly name: string; readonly metric: string /** Key of the variant that the picture is about. */; readonly highlighted?: string },
): Bar[] {
  return variants.map(({ key, labels, metrics }) => ({
    name: String(labels[name]),
    value: estimateOf(metrics[metric]),
    samples: metrics[metric]?.values ?? [],
    isHighlighted: key === highlighted,
  }));
}

/** Without the values behind it. */
export function estimateOf(metric: MetricSummary | undefined) {
  return metric && { median: metric.median, low: metric.low, high: metric.high };
}

/** What stands under a picture: how often was measured, at which load, and how that is repeated. */
export function subtitleOf({ variants, rounds, command, isPartial }: Summary, load: string): string {
  const measured = Math.max(0, ...variants.map(({ n }) => n));
  const n = isPartial ? `${measured} of ${rounds} rounds, interrupted` : measured === 1 ? "1 round" : `${measured} rounds`;
  return `n = ${n}; ${load}; ${command}`;
}
