import { readFileSync } from "node:fs";
import { FONT_NAME, fontPaths } from "../plots/shipped-font.js";
import { woffOf } from "./woff.js";

/** CSS that brings the shipped font along, so that pages look the same on every machine and ask nobody for it. */
export const FONT_FACES = [
  [400, fontPaths.regular],
  [600, fontPaths.semiBold],
]
  .map(([weight, path]) => {
    const data = woffOf(readFileSync(path as string)).toString("base64");
    return `@font-face { font-family: "${FONT_NAME}"; font-weight: ${weight}; src: url(data:font/woff;base64,${data}) format("woff"); }`;
  })
  .join("\n");
