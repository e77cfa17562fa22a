import { oneLine } from "../printable.js";
import { barDrawing } from "./bar-chart.js";
import { WORD_JOINER } from "./font-file.js";
import { ganttDrawing } from "./gantt-chart.js";
import { heatMapDrawing } from "./heat-map.js";
import { lineDrawing } from "./line-chart.js";
import type { Picture } from "./picture.js";
import { scatterDrawing } from "./scatter-chart.js";
import type { Drawing, Surface } from "./surface.js";
import { FONT_FAMILY } from "./text.js";

/** What ECharts draws for a picture: the same code for files and pages. On white, whatever is behind it. Throws for what an axis cannot show. */
export function drawingOf(picture: Picture, surface: Surface): Drawing {
  const drawing = ofKind(cleaned(picture), surface);
  const option = { animation: false, backgroundColor: "#ffffff", textStyle: { fontFamily: FONT_FAMILY }, ...drawing.option };
  return { ...drawing, option };
}

/** Names come from elsewhere: on one line, without what XML does not allow, and with null for what is no number, as JSON has it anyway. */
function cleaned(picture: Picture): Picture {
  // as: only the letters of texts are others
  return JSON.parse(JSON.stringify(picture), (_, value) => (typeof value === "string" ? harmless(oneLine(value)) : value)) as Picture;
}

/**
 * ECharts keeps the widths of texts in a plain object, by the text: `constructor` would be taken for a width that is known already, and `__proto__`
 * would change all objects. With a letter of no width behind it, it is a text like others.
 */
function harmless(text: string): string {
  return text.replaceAll(/\S+/g, (word) => (word in Object.prototype ? `${word}${WORD_JOINER}` : word));
}

function ofKind(picture: Picture, surface: Surface): Drawing {
  switch (picture.kind) {
    case "lines":
      return lineDrawing(picture, surface);
    case "bars":
      return barDrawing(picture, surface);
    case "heat-map":
      return heatMapDrawing(picture, surface);
    case "scatter":
      return scatterDrawing(picture, surface);
    case "gantt":
      return ganttDrawing(picture, surface);
  }
}
