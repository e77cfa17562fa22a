import { Resvg } from "@resvg/resvg-js";
import { FONT_NAME, fontPaths } from "./shipped-font.js";

/** An SVG text as the bytes of a PNG file, at twice its size: the same on every machine, as only the shipped font is used. */
export function pngOf(svg: string): Uint8Array {
  const font = { loadSystemFonts: false, fontFiles: Object.values(fontPaths), defaultFontFamily: FONT_NAME, sansSerifFamily: FONT_NAME };
  return new Resvg(svg, { font, fitTo: { mode: "zoom", value: 2 } }).render().asPng();
}
