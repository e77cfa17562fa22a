/** One line with a number. */
export interface Reading {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all of its lines. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly readings: Reading[];
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["", "_sum", "_count"],
};
const NUMBER = /^([+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|NaN|[+-]Inf)$/i;

/** Prometheus' text format 0.0.4, held to it strictly: throws for every line that is not as it must be. */
export function parsePrometheusText(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("Cannot read metrics as the last line must end: it does not");
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let current: Family | undefined;
  for (const line of text.split("\n").filter((one) => one !== "")) {
    if (line.startsWith("#")) current = headingOf(line, current, families);
    else addReading(line, current, seen);
  }
  for (const family of families.values()) if (family.type === "histogram") checkHistogram(family);
  return families;
}

function headingOf(line: string, current: Family | undefined, families: Map<string, Family>): Family {
  const [, help, helpText] = /^# HELP ([a-zA-Z_:][\w:]*) ((?:[^\\]|\\\\|\\n)*)$/.exec(line) ?? [];
  if (help !== undefined) {
    if (families.has(help)) throw new Error(`Cannot read metrics as each must stand in one place: ${line}`);
    return { name: help, type: "", help: helpText!, readings: [] };
  }
  const [, name, type] = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
  if (current === undefined || current.name !== name || current.type !== "")
    throw new Error(`Cannot read metrics as this must be a heading: ${line}`);
  const family = { ...current, type: type! };
  families.set(name, family);
  return family;
}

function addReading(line: string, family: Family | undefined, seen: Set<string>): void {
  const [, name, labelText, value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s.exec(line) ?? [];
  if (name === undefined || family === undefined || !NUMBER.test(value!))
    throw new Error(`Cannot read metrics as this must be a reading: ${line}`);
  if (!SUFFIXES[family.type]!.some((suffix) => name === `${family.name}${suffix}`))
    throw new Error(`Cannot read metrics as it must be of ${family.name}: ${line}`);
  const labels = labelText === undefined ? {} : labelsOf(labelText, line);
  const key = `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
  if (seen.has(key)) throw new Error(`Cannot read metrics as no series may stand there twice: ${line}`);
  seen.add(key);
  family.readings.push({ name, labels, value: numberOf(value!) });
}

function numberOf(value: string): number {
  return Number(value.replace(/Inf$/, "Infinity"));
}

function labelsOf(text: string, line: string): Record<string, string> {
  const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/y;
  const labels: Record<string, string> = {};
  while (label.lastIndex < text.length) {
    const [, name, value] = label.exec(text) ?? [];
    if (name === undefined || name in labels) throw new Error(`Cannot read metrics as these must be labels: ${line}`);
    labels[name] = value!.replace(/\\(.)/g, (_, escaped) => (escaped === "n" ? "\n" : escaped));
  }
  return labels;
}

function checkHistogram({ name, readings }: Family): void {
  const series = new Map<string, Reading[]>();
  for (const one of readings) {
    const { le: _, ...rest } = one.labels;
    const key = JSON.stringify(Object.entries(rest).sort());
    series.set(key, [...(series.get(key) ?? []), one]);
  }
  for (const [key, lines] of series) {
    const buckets = lines
      .filter((line) => line.name === `${name}_bucket`)
      .map(({ labels, value }) => ({ le: numberOf(labels.le ?? ""), value }));
    const ascends = buckets.every(({ le, value }, at) => at === 0 || (le > buckets[at - 1]!.le && value >= buckets[at - 1]!.value));
    const count = lines.find((line) => line.name === `${name}_count`)?.value;
    const hasSum = lines.some((line) => line.name === `${name}_sum`);
    if (!ascends || !hasSum || buckets.at(-1)?.le !== Number.POSITIVE_INFINITY || buckets.at(-1)?.value !== count)
      throw new Error(`Cannot read metrics as the buckets of ${name} must ascend up to its count: ${key}`);
  }
}

/** The one reading of this name with these labels, among others it may have. Throws where there is none, or more than one. */
export function reading(families: ReadonlyMap<string, Family>, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const found = [...families.values()]
    .flatMap(({ readings }) => readings)
    .filter((one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value));
  if (found.length !== 1) throw new Error(`Cannot read ${name} ${JSON.stringify(labels)} as it must be there once: ${found.length} times`);
  return found[0]!.value;
}
