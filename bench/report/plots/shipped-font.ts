import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { FontFile } from "./font-file.js";

/** IBM Plex Sans, under the SIL Open Font License: the same text is as wide on every machine. */
export const FONT_NAME = "IBM Plex Sans";

const require = createRequire(import.meta.url);
const pathOf = (weight: string) => require.resolve(`@expo-google-fonts/ibm-plex-sans/${weight}/IBMPlexSans_${weight}.ttf`);

export const fontPaths = { regular: pathOf("400Regular"), semiBold: pathOf("600SemiBold") } as const;

const regular = new FontFile(readFileSync(fontPaths.regular));
const semiBold = new FontFile(readFileSync(fontPaths.semiBold));

/** @param font as CSS writes it: `600 17px IBM Plex Sans` */
export function measureText(text: string, font: string): { width: number } {
  const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
  return { width: (isBold(font) ? semiBold : regular).widthOf(text, size) };
}

export function isBold(font: string): boolean {
  return /^\s*(?:normal\s+|italic\s+)*(?:bold|[6-9]00)\b/.test(font);
}
