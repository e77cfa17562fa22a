import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { boxesThatIntersect, type TextBox } from "./text-boxes.fixture.js";

export const WIDTHS = [1280, 390] as const;

export interface Opened {
  readonly page: Page;
  /** Errors and requests so far; grows while the page is open. */
  readonly problems: readonly string[];
}

/** Opens a file and waits until its pictures are drawn. */
export async function openPage(browser: Browser, file: string, width: number, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const problems: string[] = [];
  const address = pathToFileURL(file).href;
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("data:")) problems.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  await page.locator("html[data-drawn=true]").waitFor({ timeout: 20_000 });
  return { page, problems };
}

/** Opens a file at both widths and says all that is wrong with it. */
export async function checkFile(browser: Browser, file: string): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    const { page, problems } = await openPage(browser, file, width);
    found.push(...[...(await checkPage(page)), ...problems].map((problem) => `at ${width} px: ${problem}`));
    await page.close();
  }
  return found;
}

/** What is wrong with a page that has been opened and drawn: empty pictures, missing texts, texts over each other, what is wider than the page. */
export async function checkPage(page: Page): Promise<string[]> {
  await page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true");
  const figures = (await page.evaluate(FIGURES)) as Figure[]; // as: the script returns them
  const boxes = (await page.evaluate(TEXT_BOXES)) as TextBox[];
  const [wide, isHostile, levels, contrasts] = (await page.evaluate(WHOLE_PAGE)) as [string[], boolean, number[], string[]];
  return [
    ...figures.flatMap(figureProblems),
    ...boxesThatIntersect(boxes),
    ...wide,
    ...(isHostile ? ["a name was executed"] : []),
    ...levels.flatMap((level, at) =>
      at > 0 && level > levels[at - 1]! + 1 ? [`a heading of level ${level} follows one of ${levels[at - 1]}`] : [],
    ),
    ...(levels[0] === 1 && levels.filter((level) => level === 1).length === 1 ? [] : ["there must be one heading of level 1, the first"]),
    ...contrasts,
  ];
}

interface Figure {
  readonly title: string;
  readonly subtitle: string;
  readonly label: string;
  readonly texts: string;
  /** Shapes in a colour that only data have. */
  readonly shapes: number;
  readonly axes: readonly string[];
  /** Texts that are not in the shipped font. */
  readonly foreign: readonly string[];
  /** Texts that leave their picture. */
  readonly outside: readonly string[];
}

function figureProblems({ title, subtitle, label, texts, shapes, axes, foreign, outside }: Figure): string[] {
  const isEmpty = shapes === 0 && !/(nothing was|not) measured/.test(texts);
  const bare = (text: string) => text.replaceAll(/\s/g, "");
  return [
    ...(title.trim() === "" ? ["a picture has no title"] : []),
    ...(/n = \d/.test(subtitle) ? [] : [`${title}: no "n ="`]),
    ...(label.length > title.length ? [] : [`${title}: no description`]),
    ...(isEmpty ? [`${title}: nothing is drawn`] : []),
    ...axes.flatMap((axis) => (axis !== "" && bare(texts).includes(bare(axis)) ? [] : [`${title}: no name of an axis: ${axis}`])),
    ...foreign.map((text) => `${title}: not in the shipped font: ${text}`),
    ...outside.map((text) => `${title}: leaves the picture: ${text}`),
  ];
}

/** Colours of axes, texts and backgrounds; every other one belongs to data. */
const NEUTRAL = [
  "none",
  "rgb(31, 35, 40)",
  "rgb(216, 222, 228)",
  "rgb(255, 255, 255)",
  "rgb(87, 96, 106)",
  "rgb(234, 238, 242)",
  "rgba(0, 0, 0, 0)",
];

const FIGURES = `(() => {
  const neutral = new Set(${JSON.stringify(NEUTRAL)});
  const pictures = JSON.parse(document.getElementById("pictures")?.textContent ?? "[]");
  return [...document.querySelectorAll("figure[data-picture]")].map((figure) => {
    const picture = pictures[Number(figure.dataset.picture)];
    const svg = figure.querySelector("svg");
    const bounds = svg?.getBoundingClientRect();
    const texts = [...(svg?.querySelectorAll("text") ?? [])];
    const isColoured = (shape) => { const { fill, stroke } = getComputedStyle(shape); return !neutral.has(fill) || !neutral.has(stroke); };
    const isOutside = (text) => { const box = text.getBoundingClientRect();
      return box.left < bounds.left - 1 || box.right > bounds.right + 1 || box.top < bounds.top - 1 || box.bottom > bounds.bottom + 1; };
    return {
      title: figure.querySelector("h4")?.textContent ?? "",
      subtitle: figure.querySelector("figcaption p")?.textContent ?? "",
      label: figure.querySelector(".chart")?.getAttribute("aria-label") ?? "",
      texts: texts.map((text) => text.textContent).join(" "),
      shapes: [...(svg?.querySelectorAll("path, circle, rect, polygon, polyline, line") ?? [])].filter((shape) => shape.closest("defs") === null && isColoured(shape)).length,
      axes: [picture.x?.name, picture.y?.name].filter((name) => name !== undefined),
      foreign: texts.filter((text) => !/^"?IBM Plex Sans/.test(getComputedStyle(text).fontFamily)).map((text) => text.textContent),
      outside: texts.filter(isOutside).map((text) => text.textContent),
    };
  });
})()`;

/** Every line of text that is seen, of HTML and of SVG. */
export const TEXT_BOXES = `(() => {
  const boxes = [];
  const add = (text, { left, top, right, bottom }) => { if (right - left > 1 && bottom - top > 1) boxes.push({ text, left, top, right, bottom }); };
  for (const text of document.querySelectorAll("svg text")) add(text.textContent, text.getBoundingClientRect());
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (node.textContent.trim() === "" || parent.closest("script, style, noscript, svg, option, title") !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) add(node.textContent.trim(), rect);
  }
  return boxes;
})()`;

const WHOLE_PAGE = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = scrollWidth > clientWidth ? ["the page is " + scrollWidth + " px wide, and its window " + clientWidth] : [];
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => Number(heading.tagName[1]));
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => { const [r, g, b] = channels(colour).map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (element) => { for (let at = element; at !== null; at = at.parentElement) { const colour = getComputedStyle(at).backgroundColor; if (channels(colour)[3] !== 0) return colour; }
    return "rgb(255, 255, 255)"; };
  const contrast = (element) => { const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); };
  const faint = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!hasText || element.closest("script, style, noscript, svg, select") !== null) continue;
    if (contrast(element) < 4.5) faint.add(element.tagName.toLowerCase() + "." + element.className + " has a contrast of " + contrast(element).toFixed(1));
  }
  return [wide, globalThis.hostile !== undefined, levels, [...faint]];
})()`;
