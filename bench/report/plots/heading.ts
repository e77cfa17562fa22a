import type { TitleComponentOption } from "echarts";
import type { Heading } from "./picture.js";
import { MARGIN, type Surface } from "./surface.js";
import { FAINT_INK, FONT, heightOf, INK, wrapped } from "./text.js";

const TITLE = { ...FONT, fontSize: 17, fontWeight: 600 };
const SUBTITLE = { ...FONT, fontSize: 12.5 };
const TOP = 14;
const GAP = 6;

/** Title and subtitle, on as many lines as they need. A page writes them itself. */
export function headingOf({ title, subtitle }: Heading, { kind, width }: Surface): { height: number; titles: TitleComponentOption[] } {
  if (kind === "page") return { height: 12, titles: [] };
  const lines = wrapped(title, TITLE, width - 2 * MARGIN);
  const subLines = subtitle === "" ? [] : wrapped(subtitle, SUBTITLE, width - 2 * MARGIN);
  const below = TOP + heightOf(lines.length, TITLE) + GAP;
  return {
    height: below + heightOf(subLines.length, SUBTITLE) + 14,
    titles: [textAt(lines, TOP, { ...TITLE, color: INK }), textAt(subLines, below, { ...SUBTITLE, color: FAINT_INK })],
  };
}

/** Said where there is nothing to draw. @param top of the plane */
export function emptyNote(isEmpty: boolean, top: number, planeHeight: number): TitleComponentOption[] {
  const textStyle = { ...FONT, fontSize: 14, fontWeight: 400, color: FAINT_INK };
  return isEmpty ? [{ text: "nothing was measured", left: "center", top: top + planeHeight / 2 - 9, padding: 0, textStyle }] : [];
}

function textAt(lines: readonly string[], top: number, style: { fontSize: number; color: string }): TitleComponentOption {
  return {
    text: lines.join("\n"),
    left: MARGIN,
    top,
    padding: 0,
    textStyle: { fontWeight: 400, ...style, lineHeight: heightOf(1, style) },
  };
}
