/** What a page executes: draws its pictures and, in the index, compares two runs. The build joins all of it into one script. */

import type { Picture } from "../plots/picture.js";
import { FONT_FAMILY } from "../plots/text.js";
import { type BrowserElement, browser, element, jsonOf } from "./browser.js";
import { type ComparableRun, offerComparison } from "./compare-view.js";
import { PageChart } from "./page-chart.js";

const PAPER_WIDTH = 660;

async function start(): Promise<void> {
  const { document } = browser;
  // Names are measured: their letters must be there first.
  await Promise.all([400, 600].map((weight) => document.fonts.load(`${weight} 13px ${FONT_FAMILY}`)));
  const pictures = (jsonOf("pictures") ?? []) as readonly Picture[]; // as: the report page has written them
  for (const figure of document.querySelectorAll("figure[data-picture]")) draw(figure, pictures[Number(figure.dataset.picture)]!);
  offerComparison((jsonOf("runs") ?? []) as readonly ComparableRun[]); // as: the index page has written them
  document.documentElement.dataset.drawn = "true";
}

/** One that cannot be drawn says why, and keeps no other one from being drawn. */
function draw(figure: BrowserElement, picture: Picture): void {
  const box = figure.querySelector(".chart")!;
  const chart = new PageChart(figure, picture);
  const drawAt = (width?: number) => {
    try {
      chart.drawAt(width);
    } catch (error) {
      box.replaceChildren(element("p", "problems", error instanceof Error ? error.message : String(error)));
    }
  };
  drawAt();
  new browser.ResizeObserver(() => drawAt()).observe(box);
  browser.addEventListener("beforeprint", () => drawAt(PAPER_WIDTH));
  browser.addEventListener("afterprint", () => drawAt());
}

void start();
