import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
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

beforeAll(async () => {
  if (!isSkipped) browser = await openChromium();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const hostile = hostileReport.outcomes[0]!.pictures.map((picture) => ({ ...picture, name: `hostile-${picture.name}` }) as Picture); // as: of its own kind

describe.skipIf(isSkipped)("in a browser", { timeout: 60_000 }, () => {
  test.each([...pictures, ...emptyPictures, ...hostile])(
    "$kind ($name): the file is well-formed, no text stands on another or leaves it",
    async (picture) => {
      const file = join(folder, "picture.svg");
      writeFileSync(file, svgOf(picture));
      const page = await browser.newPage({ viewport: { width: 1600, height: 1200 } });
      await page.goto(pathToFileURL(file).href);
      expect(await page.evaluate("document.documentElement.tagName + document.querySelectorAll('parsererror').length")).toBe("svg0");
      const boxes = (await page.evaluate(TEXT_BOXES)) as TextBox[]; // as: the script returns them
      expect(boxes.length).toBeGreaterThan(1);
      expect(boxesThatIntersect(boxes)).toEqual([]);
      const [width, height] = (await page.evaluate(
        "[...document.documentElement.viewBox.baseVal ? [document.documentElement.getBoundingClientRect().right, document.documentElement.getBoundingClientRect().bottom] : []]",
      )) as number[];
      for (const box of boxes)
        expect(box.left >= 0 && box.top >= 0 && box.right <= width! + 1 && box.bottom <= height! + 1, box.text).toBe(true);
      await page.close();
    },
  );
});
