import { FONT, heightOf, INK, wrapped } from "./text.js";

/** An axis that numbers stand along. */
export interface Axis {
  /** What is shown, with its unit, such as `tasks/s` or `runs in flight`. */
  readonly name: string;
  /** On a logarithmic axis the same factor has the same length everywhere, and nothing may be 0 or less. @defaultValue "linear" */
  readonly scale?: "linear" | "log";
  /** Whether there is nothing between whole numbers, as with threads. @defaultValue false */
  readonly isWhole?: boolean;
}

const RULE = "#d8dee4";
const NAME = { ...FONT, fontSize: 13 };
/** From an axis to its name, beyond the numbers between them. */
const NUMBERS = { x: 28, y: 54 } as const;

/** Room that the numbers and the name of an axis take beside the plane, in pixels. */
export function axisRoom(direction: "x" | "y", { name }: Axis, length: number): number {
  return NUMBERS[direction] + heightOf(wrapped(name, NAME, length).length, NAME) + 8;
}

/** What ECharts draws for it. @param length of the axis, in pixels: a name that is longer is broken into lines */
export function axisOption(direction: "x" | "y", { name, scale = "linear", isWhole = false }: Axis, length: number) {
  const lines = wrapped(name, NAME, length);
  const splitNumber = Math.max(2, Math.min(5, Math.floor(length / 70)));
  return {
    type: scale === "log" ? ("log" as const) : ("value" as const),
    ...(isWhole ? { minInterval: 1 } : {}),
    splitNumber,
    name: lines.join("\n"),
    nameLocation: "middle" as const,
    nameGap: NUMBERS[direction],
    nameTextStyle: { color: INK, ...NAME, lineHeight: heightOf(1, NAME) },
    axisLabel: { ...FONT, color: INK, fontSize: 12, formatter: tick, hideOverlap: true },
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
