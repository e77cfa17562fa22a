import { LegendComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { useChartParts } from "../plots/chart-parts.js";
import { drawingOf } from "../plots/drawing.js";
import type { Key } from "../plots/key-column.js";
import type { Picture } from "../plots/picture.js";
import { type BrowserElement, element } from "./browser.js";

useChartParts();
use([LegendComponent, TooltipComponent]);

/** A picture in its figure: as wide as there is room, with more under a pointer, and names that hide what they mean. */
export class PageChart {
  readonly #picture: Picture;
  readonly #box: BrowserElement;
  readonly #keys: BrowserElement;
  readonly #hidden = new Set<string>();
  #chart: EChartsType | undefined;
  #width = 0;

  constructor(figure: BrowserElement, picture: Picture) {
    this.#picture = picture;
    this.#box = figure.querySelector(".chart")!;
    this.#keys = figure.querySelector(".keys")!;
  }

  /** @param width in pixels. @defaultValue what there is */
  drawAt(width = this.#box.clientWidth): void {
    if (width === this.#width || width === 0) return;
    this.#width = width;
    this.#draw();
  }

  #draw(): void {
    const { width, height, option, keys } = drawingOf(this.#picture, { kind: "page", width: this.#width });
    const names = keys.filter(({ look }) => look !== undefined).map(({ name }) => name);
    const selected = Object.fromEntries(names.map((name) => [name, !this.#hidden.has(name)]));
    // as: an element is what ECharts draws in; its type is not known here
    this.#chart ??= init(this.#box as never, null, { renderer: "svg", width, height });
    this.#chart.resize({ width, height });
    this.#chart.setOption({ ...option, legend: { show: false, data: names, selected }, tooltip: TOOLTIP }, { notMerge: true });
    this.#keys.replaceChildren(...keys.map((key) => this.#keyMarkup(key)));
  }

  #keyMarkup({ name, note, look, isDashed = false }: Key): BrowserElement {
    const text = note === undefined ? name : `${name}: ${note}`;
    if (look === undefined) return element("li", "note", text);
    const mark = element("span", isDashed ? "mark dashed" : "mark");
    mark.style.color = look.color;
    const button = element("button", "", mark, text);
    button.setAttribute("type", "button");
    button.setAttribute("aria-pressed", String(!this.#hidden.has(name)));
    button.addEventListener("click", () => {
      if (!this.#hidden.delete(name)) this.#hidden.add(name);
      this.#draw();
    });
    return element("li", "", button);
  }
}

const TOOLTIP = {
  trigger: "item" as const,
  confine: true,
  transitionDuration: 0,
  /** An element, so that no text in it becomes markup. */
  formatter: (params: unknown): never => {
    // as: pictures give their data a `tip`
    const { data } = params as { data?: { tip?: string } };
    // as: ECharts takes elements; their type is not known here
    return element("div", "tip", data?.tip ?? "") as never;
  },
};
