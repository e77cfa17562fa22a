/** How one line, group or category looks. */
export interface Look {
  readonly color: string;
  readonly symbol: Symbol;
}

/** Names of ECharts; `none` for lines without points. */
export type Symbol = "none" | "circle" | "rect" | "triangle" | "diamond" | "emptyCircle" | "emptyRect" | "emptyTriangle" | "emptyDiamond";

/** Colours that stay apart for the colour-blind (Okabe and Ito), each with a symbol of its own for those who see none. */
const LOOKS: readonly Look[] = [
  { color: "#0072b2", symbol: "circle" },
  { color: "#d55e00", symbol: "rect" },
  { color: "#009e73", symbol: "triangle" },
  { color: "#cc79a7", symbol: "diamond" },
  { color: "#8a6d00", symbol: "emptyCircle" },
  { color: "#56b4e9", symbol: "emptyRect" },
  { color: "#000000", symbol: "emptyTriangle" },
  { color: "#6e7781", symbol: "emptyDiamond" },
];

/** The first eight differ in both; those after them have a colour again, with the symbol of another. */
export function lookOf(index: number): Look {
  const turn = Math.floor(index / LOOKS.length);
  return { color: LOOKS[index % LOOKS.length]!.color, symbol: LOOKS[(index + 3 * turn) % LOOKS.length]!.symbol };
}
