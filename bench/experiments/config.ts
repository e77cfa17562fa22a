import { readFileSync } from "node:fs";
import { type Document, isMap, LineCounter, type Node, type ParsedNode, parseDocument, visit } from "yaml";
import { z } from "zod";
import { count, ROUNDS_MAX } from "./config-values.js";
import { type AnyExperiment, categories, type Profile } from "./experiment.js";

const profile = z.strictObject({
  rounds: count.max(ROUNDS_MAX),
  warmup_ms: z.int().min(0).max(60_000),
  measure_ms: count.max(60_000),
  open_loop_ms: count.max(600_000),
});

export type ProfileConfig = z.infer<typeof profile>;

/** What a configuration says, read for the experiments that there are. */
export interface ExperimentConfig {
  readonly seed: number;
  readonly profiles: Readonly<Record<Profile, ProfileConfig>>;
  /** Port of the metrics on the loopback address. */
  readonly metricsPort: number;
  /** What an experiment is measured with; undefined where it has no entry: then it is not measured. */
  entryOf(experiment: AnyExperiment, profile: Profile): ExperimentEntry | undefined;
}

export interface ExperimentEntry {
  readonly rounds: number;
  /** The keys of its own. */
  readonly own: Readonly<Record<string, unknown>>;
}

/** A mistake in a configuration file; the message gives file, line and column of each, unless only a plan shows it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export function readConfig(file: string, experiments: readonly AnyExperiment[]): ExperimentConfig {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(`Cannot read the configuration as the file must exist and be readable: ${file}`, { cause: error });
  }
  return parseConfig(text, file, experiments);
}

export function parseConfig(text: string, file: string, experiments: readonly AnyExperiment[]): ExperimentConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true });
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake) throw new ConfigError(`${placeOf(lines, file, mistake.pos[0])}: ${mistake.message.split("\n")[0]}`);

  const result = schemaOf(experiments).safeParse(contentOf(document, lines, file));
  if (result.success) return configOf(result.data);
  const complaints = result.error.issues.flatMap(complaintsOf);
  throw new ConfigError(
    complaints
      .map(({ path, message }) => `${placeOf(lines, file, offsetOf(document.contents, path))}: ${nameOf(path)}: ${message}`)
      .join("\n"),
  );
}

/** What the text says; of an alias that stands for nothing the library throws without its place. */
function contentOf(document: Document.Parsed, lines: LineCounter, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    let offset = 0;
    visit(document, {
      Alias(_, alias) {
        if (alias.resolve(document) !== undefined) return undefined;
        offset = alias.range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${placeOf(lines, file, offset)}: ${reason}`, { cause: error });
  }
}

type Entries = Readonly<Record<string, Record<string, unknown> | undefined>>;

/** Every experiment may have an entry in its category; what `quick` names there differs in the quick profile. */
function schemaOf(experiments: readonly AnyExperiment[]) {
  const entries = (category: string) =>
    Object.fromEntries(experiments.filter((one) => one.category === category).map((one) => [one.name, entrySchema(one).optional()]));
  return z.strictObject({
    seed: z.int().min(0).max(0xffff_ffff),
    metrics_port: z.int().min(0).max(65_535),
    profiles: z.strictObject({ quick: profile, full: profile }),
    ...Object.fromEntries(categories.map((category) => [category, z.strictObject(entries(category)).optional()])),
  });
}

function entrySchema({ config }: AnyExperiment) {
  const own = z.strictObject({ ...config, rounds: count.max(ROUNDS_MAX).optional() });
  return own.extend({ quick: own.partial().optional() });
}

function configOf(data: z.output<ReturnType<typeof schemaOf>>): ExperimentConfig {
  return {
    seed: data.seed,
    profiles: data.profiles,
    metricsPort: data.metrics_port,
    entryOf({ category, name }, profile) {
      const entries = (data as Record<string, unknown>)[category] as Entries | undefined; // as: the schema has just shown it
      const entry = entries?.[name];
      if (entry === undefined) return undefined;
      const { quick, ...full } = entry;
      const { rounds, ...own } = profile === "quick" ? { ...full, ...(quick as object | undefined) } : full; // as: the schema again
      return { rounds: (rounds as number | undefined) ?? data.profiles[profile].rounds, own };
    },
  };
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
