import { YamlSource } from "../authoring/yaml/yaml-source.js";
import type { Machine } from "./machine.js";
import { placedMachinesOf } from "./machine-list.js";

/**
 * Reads machines from YAML: a list of MachineOptions.
 *
 * @throws DF_SPEC_INVALID for text that YamlSource refuses, DF_OPTION_INVALID for what breaks a rule of an option; each with the file
 *   and, where it is about one entry, the line
 */
export function readMachines(text: string, file: string): readonly Machine[] {
  const source = new YamlSource(text, file);
  return placedMachinesOf(file, source.value, (index, check) => source.checked([index], check));
}
