import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Picture } from "../plots/picture.js";
import { emptyPictures, pictures } from "../plots/pictures.fixture.js";
import { svgOf } from "../plots/svg.js";
import { isSkipped, openChromium } from "./chromium.fixture.js";
import { TEXT_BOXES } from "./page-checks.fixture.js";
import { hostileReport } from "./report.fixture.js";
import { boxesThatIntersect, type TextBox } from "./text-boxes.fixture.js";

const folder = mkdtempSync(join(tmpdir(), "dataflower-svg-"));
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (isSkipped) return;
  browser = await openChromium();
  page = await browser.newPage({ viewport: { width: 1600, height: 1200 } });
  page.setDefaultTimeout(10_000);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

// as: each is of its own kind still
const hostile = hostileReport.outcomes[0]!.pictures.map((picture) => ({ ...picture, name: `hostile-${picture.name}` }) as Picture);

interface Bounds {
  readonly right: number;
  readonly bottom: number;
}

// The fonts are those of the machine, which may be wider than the shipped one.
describe.skipIf(isSkipped)("in a browser", () => {
  test.each([...pictures, ...emptyPictures, ...hostile])(
    "$kind ($name): well-formed, no text stands on another or leaves it",
    async (picture) => {
      const file = join(folder, `${picture.name}.svg`);
      writeFileSync(file, svgOf(picture));
      await page.goto(pathToFileURL(file).href);
      expect(await page.evaluate("document.documentElement.tagName + document.querySelectorAll('parsererror').length")).toBe("svg0");
      const boxes = (await page.evaluate(TEXT_BOXES)) as TextBox[]; // as: the script returns them
      const { right, bottom } = (await page.evaluate("document.documentElement.getBoundingClientRect().toJSON()")) as Bounds; // as: of the whole picture
      expect(boxes.length).toBeGreaterThan(1);
      expect(boxesThatIntersect(boxes)).toEqual([]);
      expect(boxes.filter((box) => box.left < 0 || box.top < 0 || box.right > right || box.bottom > bottom)).toEqual([]);
    },
  );
});
