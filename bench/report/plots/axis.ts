/** An axis that numbers stand along. */
export interface Axis {
  /** What is shown, with its unit, such as `tasks/s` or `runs in flight`. */
  readonly name: string;
  /** On a logarithmic axis the same factor has the same length everywhere, and nothing may be 0 or less. @defaultValue "linear" */
  readonly scale?: "linear" | "log";
  /** Whether there is nothing between whole numbers, as with threads. @defaultValue false */
  readonly isWhole?: boolean;
}

export const INK = "#1f2328";
const RULE = "#d8dee4";

/** What ECharts draws for it. */
export function axisOption({ name, scale = "linear", isWhole = false }: Axis) {
  return {
    type: scale === "log" ? ("log" as const) : ("value" as const),
    ...(isWhole ? { minInterval: 1 } : {}),
    name,
    nameLocation: "middle" as const,
    nameTextStyle: { color: INK, fontSize: 13 },
    axisLabel: { color: INK, fontSize: 12, formatter: tick },
    axisLine: { show: true, lineStyle: { color: INK } },
    axisTick: { show: true },
    splitLine: { show: true, lineStyle: { color: RULE } },
  };
}

/** As short as it can be said: `0.1`, `250`, `10 k`, `1.5 M`. */
export function tick(value: number): string {
  const [divisor, unit] =
    Math.abs(value) >= 1e9 ? [1e9, " G"] : Math.abs(value) >= 1e6 ? [1e6, " M"] : Math.abs(value) >= 1e3 ? [1e3, " k"] : [1, ""];
  return `${Number((value / divisor).toPrecision(3))}${unit}`;
}

/** Throws for what a logarithmic axis has no place for. */
export function checkScale(title: string, { name, scale }: Axis, values: Iterable<number | null>): void {
  if (scale !== "log") return;
  for (const value of values) {
    if (value !== null && value <= 0)
      throw new Error(`Cannot draw ${title} as a logarithmic axis (${name}) holds only what is above 0: ${value}`);
  }
}
