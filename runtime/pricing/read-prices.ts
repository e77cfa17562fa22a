import type { FunctionPrices, WorkerPrices } from "../../schedulers/cost/prices.js";
import { refuseOption } from "../authoring/option-checks.js";
import { YamlSource } from "../authoring/yaml/yaml-source.js";
import { Members } from "./members.js";
import { checkedFunctionPrices, checkedWorkerPrices } from "./price-checks.js";

/** A price sheet. */
export interface Prices {
  /** Day on which these were the prices, as 2026-05-11. */
  readonly date: string;
  /** Of functions billed by invocation, by the name that the sheet gives them. */
  readonly functions: Readonly<Record<string, FunctionPrices>>;
  /** Of workers that are rented. */
  readonly workers: Readonly<Record<string, WorkerPrices>>;
}

/**
 * Reads a price sheet from YAML; `configs/prices.yaml` explains each key.
 *
 * @throws DF_SPEC_INVALID for text that YamlSource refuses, DF_OPTION_INVALID for a price that is missing, negative or no number, and for
 *   a key that nobody knows; each with file, line and path
 */
export function readPrices(text: string, file: string): Prices {
  const source = new YamlSource(text, file);
  const sheet = new Members(file, source.value, (names, check) => source.checked(names, check)).allow(["date", "functions", "workers"]);
  return {
    date: sheet.checked("date", requireDay),
    functions: each(sheet.members("functions"), checkedFunctionPrices),
    workers: each(sheet.members("workers"), checkedWorkerPrices),
  };
}

function each<Value>(named: Members, check: (given: Members) => Value): Readonly<Record<string, Value>> {
  return Object.fromEntries(named.keys.map((name) => [name, check(named.members(name))]));
}

function requireDay(path: string, value: unknown): string {
  const isDay = typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
  return isDay ? value : refuseOption(path, 'a day such as "2026-05-11"', value);
}
