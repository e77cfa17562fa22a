import type { EChartsOption } from "echarts";
import type { Key } from "./key-column.js";

/** What a picture is drawn on: a file, which has its heading and the names beside it, or a page, which writes these itself and shows more under a pointer. */
export interface Surface {
  readonly kind: "file" | "page";
  /** In pixels. A picture that needs more takes more. */
  readonly width: number;
}

/** What a picture has become. */
export interface Drawing {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly option: EChartsOption;
  /** What its colours mean; empty where it has but one thing to show. */
  readonly keys: readonly Key[];
}

/** Pixels that are kept free around everything. */
export const MARGIN = 16;
