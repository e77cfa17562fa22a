import type { Graph } from "../../actors/workflow/graph.js";
import { dot } from "./rendering/dot.js";
import { pictureOf } from "./rendering/graph-picture.js";
import { mermaid } from "./rendering/mermaid.js";

const formats = { mermaid, dot } as const;

export type GraphFormat = keyof typeof formats;

export const graphFormats = Object.keys(formats) as readonly GraphFormat[]; // keys() forgets what it lists

/** Draws a graph as text. The same graph gives the same text; it ends with a line break. */
export const renderGraph = (graph: Graph, format: GraphFormat): string => formats[format](pictureOf(graph));
