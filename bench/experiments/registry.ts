import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type AnyExperiment, categories } from "./experiment.js";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** All experiments: each file in the folder of a category holds one, its default export. In the order of categories, then of names. */
export async function findExperiments(folder = FOLDER): Promise<AnyExperiment[]> {
  const found: AnyExperiment[] = [];
  for (const category of categories) {
    for (const file of readdirSync(join(folder, category)).filter(isExperiment).sort()) {
      const { default: one } = (await import(pathToFileURL(join(folder, category, file)).href)) as { default?: AnyExperiment }; // as: checked below
      if (one?.category !== category)
        throw new Error(
          `Cannot use ${category}/${file} as its default export must be an experiment of its folder: found ${String(one?.category)}`,
        );
      found.push(one);
    }
  }
  return found;
}

const isExperiment = (file: string) => file.endsWith(".js") && !/\.(test|fixture)\.js$/.test(file);
