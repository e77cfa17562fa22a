import { format } from "echarts/core";

/** The shipped font first; where it is missing, those that are about as wide. */
export const FONT_FAMILY = "IBM Plex Sans, Helvetica, Arial, Liberation Sans, sans-serif";
export const INK = "#1f2328";
export const FAINT_INK = "#57606a";

/** Said wherever a text is drawn: not all of them ask what is said for the whole picture. */
export const FONT = { fontFamily: FONT_FAMILY } as const;

export interface TextStyle {
  /** In pixels. */
  readonly fontSize: number;
  readonly fontWeight?: number;
}

/** Browsers round. */
const SLACK = 1.02;
const LINE_HEIGHT = 1.3;

/** Room for a line of text, in pixels: by the shipped font's own widths in a file, by the browser's in a page. */
export function widthOf(text: string, { fontSize, fontWeight = 400 }: TextStyle): number {
  return Math.ceil(format.getTextRect(text, `${fontWeight} ${fontSize}px ${FONT_FAMILY}`).width * SLACK);
}

export function widestOf(texts: readonly string[], style: TextStyle): number {
  return Math.max(0, ...texts.map((text) => widthOf(text, style)));
}

/** Height of so many lines, in pixels. */
export function heightOf(lines: number, { fontSize }: TextStyle): number {
  return Math.ceil(lines * fontSize * LINE_HEIGHT);
}

/** Breaks a text into lines that are at most so many pixels wide: between words, and within a word that is wider alone. */
export function wrapped(text: string, style: TextStyle, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((word) => broken(word, style, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && widthOf(longer, style) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function broken(word: string, style: TextStyle, width: number): string[] {
  if (widthOf(word, style) <= width) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const letter of word) {
    if (piece !== "" && widthOf(piece + letter, style) > width) {
      pieces.push(piece);
      piece = letter;
    } else piece += letter;
  }
  return [...pieces, piece];
}
