import type { Axis } from "./axis.js";
import type { Format } from "./format.js";
import type { Measured } from "./measured.js";

export type { Format } from "./format.js";

/** What every picture says of itself. Pictures are data: the same ones are drawn into files and into pages. */
export interface Heading {
  /** Of its file, without the ending. */
  readonly name: string;
  /** The question that it answers. */
  readonly title: string;
  /** Under it, smaller: n, the load, the command that repeats it. */
  readonly subtitle: string;
}

/** Lines over a plane, 95 % intervals where they are known. */
export interface LinePicture extends Heading {
  readonly kind: "lines";
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** From here to the right nothing was measured: it is simulated or computed, and hatched. @defaultValue nowhere */
  readonly hatchedFrom?: number;
}

export interface Line {
  readonly name: string;
  /** From left to right. A point without a `y` breaks the line. */
  readonly points: readonly { readonly x: number; readonly y: Measured }[];
  /** Every sample behind the line, drawn faintly. @defaultValue none */
  readonly samples?: readonly (readonly [x: number, y: number])[];
  /** `dashed` for what is computed: an ideal, a fit, a closed form. @defaultValue "solid" */
  readonly stroke?: "solid" | "dashed";
}

/** Lying bars under each other, names on the left, numbers on the right, 95 % intervals where they are known. */
export interface BarPicture extends Heading {
  readonly kind: "bars";
  readonly x: Axis;
  /** How the numbers are written. */
  readonly format: Format;
  /** From top to bottom. */
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly name: string;
  readonly value: Measured;
  /** Every sample behind the bar, drawn as points. @defaultValue none */
  readonly samples?: readonly number[];
  /** Whether it is the one that the picture is about. */
  readonly isHighlighted?: boolean;
}

/** Rows by columns, each cell with its number on a colour that grows darker with it. Columns stand in groups under a name of their own. */
export interface HeatMapPicture extends Heading {
  readonly kind: "heat-map";
  readonly rows: readonly string[];
  readonly groups: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** By row, then by column of all groups in turn; null: nothing is known. */
  readonly cells: readonly (readonly (number | null)[])[];
  readonly format: Format;
  /** The numbers at which the colour is lightest and darkest, and how it grows between. */
  readonly shade: { readonly from: number; readonly to: number; readonly scale: "linear" | "log" };
}

/** Named points on a plane, in groups of a colour each. */
export interface ScatterPicture extends Heading {
  readonly kind: "scatter";
  readonly x: Axis;
  readonly y: Axis;
  readonly points: readonly { readonly name: string; readonly group: string; readonly x: Measured; readonly y: Measured }[];
  /** Whether a line joins the points than which no other is at most as large in both (Pareto). @defaultValue false */
  readonly hasFrontier?: boolean;
}

/** When each worker executed which task. */
export interface GanttPicture extends Heading {
  readonly kind: "gantt";
  /** Names of the workers, from top to bottom. */
  readonly rows: readonly string[];
  readonly spans: readonly GanttSpan[];
}

export interface GanttSpan {
  readonly name: string;
  /** Tasks of a category have a colour. */
  readonly category: string;
  /** Position of its worker. */
  readonly row: number;
  /** In ms from the submission of the run. */
  readonly startMs: number;
  readonly endMs: number;
  /** When all of its inputs existed. */
  readonly readyMs: number;
  /** Why it did not start then, in one sentence; shown where a pointer rests on it. */
  readonly why: string;
}

export type Picture = LinePicture | BarPicture | HeatMapPicture | ScatterPicture | GanttPicture;
