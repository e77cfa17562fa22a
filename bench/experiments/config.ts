import { readFileSync } from "node:fs";
import { isMap, LineCounter, type Node, type ParsedNode, parseDocument } from "yaml";
import { z } from "zod";
import { shapes } from "../workloads/graphs.js";

const count = z.int().min(1);
const shape = z.enum(shapes);

const pace = z.strictObject({
  rounds: count.max(1_000),
  word_count_repeats: count.max(10_000),
  warmup_ms: count.max(60_000),
  measure_ms: count.max(60_000),
  open_loop_ms: count.max(600_000),
});

const schema = z.strictObject({
  performance: z.strictObject({
    throughput: z.strictObject({
      num_workflows: count.max(5_000),
      workflow_sizes: z.array(count.max(100_000)).min(1),
      shapes: z.array(shape).min(1),
    }),
    latency: z.strictObject({
      workflow_size: count.max(100_000),
      shape,
      in_flight: count.max(5_000),
      load: z.number().gt(0).max(1),
    }),
    pace: z.strictObject({ full: pace, quick: pace }),
    seed: z.int().min(0).max(0xffff_ffff),
  }),
});

/** What `configs/experiment_config.yaml` says; every key is explained there. */
export type ExperimentConfig = z.infer<typeof schema>;
export type Pace = z.infer<typeof pace>;

/** A mistake in a configuration file; the message gives file, line and column of each. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export function readConfig(file: string): ExperimentConfig {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(`Cannot read the configuration as the file must exist and be readable: ${file}`, { cause: error });
  }
  return parseConfig(text, file);
}

export function parseConfig(text: string, file: string): ExperimentConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true });
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake) throw new ConfigError(`${placeOf(lines, file, mistake.pos[0])}: ${mistake.message.split("\n")[0]}`);

  const result = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (result.success) return result.data;
  const complaints = result.error.issues.flatMap(complaintsOf);
  throw new ConfigError(
    complaints
      .map(({ path, message }) => `${placeOf(lines, file, offsetOf(document.contents, path))}: ${nameOf(path)}: ${message}`)
      .join("\n"),
  );
}

interface Complaint {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** An unknown key is a complaint of the object around it; the place that matters is the key's own. */
function complaintsOf(issue: z.core.$ZodIssue): Complaint[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: "Unknown key" }));
}

function nameOf(path: readonly PropertyKey[]): string {
  return (
    path.reduce<string>(
      (name, key) => (typeof key === "number" ? `${name}[${key}]` : name === "" ? String(key) : `${name}.${String(key)}`),
      "",
    ) || "the file"
  );
}

/** Where a path begins in the text: its key, or its item in a list; where it is missing, whatever should have held it. */
function offsetOf(contents: ParsedNode | null, path: readonly PropertyKey[]): number {
  let offset = contents?.range?.[0] ?? 0;
  let node: unknown = contents;
  for (const key of path) {
    const pair = isMap(node) ? node.items.find((item) => String(item.key) === String(key)) : undefined;
    const child = pair?.value ?? (isMap(node) ? undefined : childOf(node, key));
    const place = (pair?.key ?? child) as Node | undefined; // as: yaml types keys and items of parsed documents as unknown
    if (place?.range == null) return offset;
    offset = place.range[0];
    node = child;
  }
  return offset;
}

function childOf(node: unknown, key: PropertyKey): unknown {
  return node !== null && typeof node === "object" && "items" in node && Array.isArray(node.items) ? node.items[Number(key)] : undefined;
}

function placeOf(lines: LineCounter, file: string, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}
