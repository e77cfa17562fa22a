import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareSummaries } from "../../experiments/compare-runs.js";
import { isSkipped, openChromium } from "./chromium.fixture.js";
import { claimsPage } from "./claims-page.js";
import { indexPage } from "./index-page.js";
import { checkFile, checkPage, openPage, WIDTHS } from "./page-checks.fixture.js";
import { hostileReport, report, runWith } from "./report.fixture.js";
import { reportPage } from "./report-page.js";

const folder = mkdtempSync(join(tmpdir(), "dataflower-pages-"));
let browser: Browser;

beforeAll(async () => {
  if (!isSkipped) browser = await openChromium();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const before = runWith("2026-01-30T12-00-00-1a2b3c4", 1, { time: "2026-01-30T12:00:00.000Z" });
const after = runWith("2026-01-31T12-00-00-1a2b3c4", 0.5);
const partial = runWith("2026-01-29T12-00-00-1a2b3c4", 2, {
  time: "2026-01-29T12:00:00.000Z",
  isPartial: true,
  reason: "it was interrupted",
});

const pages: readonly (readonly [name: string, make: () => string])[] = [
  ["the report", () => reportPage(report)],
  ["a report with hostile names", () => reportPage(hostileReport)],
  ["a report without anything", () => reportPage({ ...report, outcomes: [], claims: [] })],
  ["the claims", () => claimsPage(report)],
  ["claims with hostile names", () => claimsPage(hostileReport)],
  ["the index", () => indexPage([before, after, partial])],
  [
    "an index of one run with hostile names",
    () => indexPage([{ ...before, manifest: hostileReport.manifest, folder: "javascript:alert(1)" }]),
  ],
  ["an index without runs", () => indexPage([])],
];

function saved(text: string): string {
  const file = join(folder, "page.html");
  writeFileSync(file, text);
  return file;
}

describe.skipIf(isSkipped)("in a browser", { timeout: 60_000 }, () => {
  test.each(pages)("%s has no fault at 1280 and at 390 px", async (_, make) => {
    expect(await checkFile(browser, saved(make()))).toEqual([]);
  });

  test("texts can be read on what is dark, too, and pictures stay on white", async () => {
    const { page } = await openPage(browser, saved(reportPage(report)), 1280, "dark");
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(13, 17, 23)");
    expect(await page.evaluate("getComputedStyle(document.querySelector('figure')).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect(await checkPage(page)).toEqual([]);
    await page.close();
  });

  test("a name hides its line with its samples and intervals, and shows them again", async () => {
    const { page } = await openPage(browser, saved(reportPage(report)), 1280);
    const shapes = () => page.locator('figure >> nth=0 >> css=svg [stroke="#d55e00"], svg [fill="#d55e00"]').count();
    const button = page.getByRole("button", { name: "DataFlower, no workers" }).first();
    const shown = await shapes();
    await button.click();
    expect(await button.getAttribute("aria-pressed")).toBe("false");
    expect(await shapes()).toBeLessThan(shown - 20);
    await button.click();
    expect(await shapes()).toBe(shown);
    await page.close();
  });

  test("a pointer shows n, the median and its interval of a bar, and why a task waited", async () => {
    const { page } = await openPage(browser, saved(reportPage(report)), 1280);
    expect(await tipOver(page, 'figure[data-picture="2"] path[fill="#0072b2"]')).toBe(
      "DataFlower, 2 workers\ntasks/s: 21.0 k [18.9 k, 23.1 k]\nmedian [95 % interval]\nn = 5",
    );
    expect(await tipOver(page, 'figure[data-picture="5"] path[fill="#d55e00"]')).toMatch(
      /^mProject_\d+ \(mDiffFit\)\nready at .*\n.*until then|copied$/,
    );
    await page.close();
  });

  test("pictures are drawn anew where the window changes", async () => {
    const { page } = await openPage(browser, saved(reportPage(report)), WIDTHS[0]);
    const width = () => page.locator("figure svg").first().getAttribute("width").then(Number);
    expect(await width()).toBeGreaterThan(900);
    await page.setViewportSize({ width: WIDTHS[1], height: 900 });
    await page.waitForFunction("Number(document.querySelector('figure svg').getAttribute('width')) < 390");
    await page.close();
  });

  test("on paper, pictures are no wider than a sheet", async () => {
    const { page } = await openPage(browser, saved(reportPage(report)), 1280);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator("figure svg").first().getAttribute("width")).toBe("660");
    expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(10_000);
    await page.close();
  });

  test("a picture that cannot be drawn says why, and the others are drawn", async () => {
    const [first, ...others] = report.outcomes;
    const [lines] = first!.pictures;
    const broken = { ...lines!, x: { name: "tasks", scale: "log" }, lines: [{ name: "idle", points: [{ x: 0, y: 1 }] }] } as typeof lines; // as: lines it is
    const { page } = await openPage(
      browser,
      saved(reportPage({ ...report, outcomes: [{ ...first!, pictures: [broken!, ...first!.pictures] }, ...others] })),
      1280,
    );
    const texts = await page.locator("figure .problems").allTextContents();
    expect(texts).toEqual([expect.stringContaining("a logarithmic axis (tasks) holds only what is above 0: 0")]);
    expect(await page.locator("figure svg").count()).toBeGreaterThan(5);
    await page.close();
  });

  test("two runs are compared as Node compares them, those that differ first; others can be chosen", async () => {
    const { page } = await openPage(browser, saved(indexPage([before, after, partial])), 1280);
    const ratios = () => page.locator("#comparison tbody tr td:nth-child(4)").allTextContents();
    const { measured: expected, same } = compareSummaries(before.summaries, after.summaries);
    expect((await ratios()).map((text) => Number(/[\d.]+(?= \[)/.exec(text)![0]))).toEqual(
      expected.map(({ ratio }) => Number(ratio.median.toPrecision(3))),
    );
    expect((await ratios()).map((text) => text.startsWith("≠ 1: "))).toEqual(expected.map(({ isDifferent }) => isDifferent));
    expect(expected.map(({ isDifferent }) => isDifferent)).toEqual([true, true, false, false]);
    expect(await page.locator("#comparison caption").textContent()).toBe(
      `2 of 4 metrics (50 %) have 1 in the 95 % interval of B ÷ A; the others stand first. ${same} have the same values in both, 0 have no interval.`,
    );
    await page.locator("#first-run").selectOption({ label: "2026-01-29 12:00:00, 1a2b3c4, quick, partial" });
    expect((await ratios())[0]).toMatch(/^≠ 1: (0\.25|4\.00)/);
    await page.close();
  });
});

/** What is shown while a pointer rests on the first shape that this finds. */
async function tipOver(page: Page, selector: string): Promise<string | null> {
  const shape = page.locator(selector).first();
  await shape.scrollIntoViewIfNeeded();
  await shape.hover({ force: true, position: { x: 8, y: 8 } });
  return await page.locator(".tip").last().textContent();
}
