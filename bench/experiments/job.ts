import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../harness/environment.js";
import { sharedDataOf } from "../workloads/recorded-traces.js";
import { type Arguments, chosenOf, readArguments, UsageError } from "./arguments.js";
import type { Asked } from "./command.js";
import { type ExperimentConfig, readConfig } from "./config.js";
import type { AnyExperiment, ExperimentContext, Profile } from "./experiment.js";
import { type PlannedExperiment, planOf, planRecord } from "./plan.js";
import { folderOf, RunFolder } from "./run-folder.js";
import { RunOwner } from "./run-owner.js";

/** A run: what is measured, and where it is kept. */
export interface Job {
  readonly folder: RunFolder;
  readonly config: ExperimentConfig;
  readonly plan: readonly PlannedExperiment[];
  readonly context: ExperimentContext;
  readonly seed: number;
  readonly asked: Asked;
  /** This process, until it releases the folder. */
  readonly owner: RunOwner;
}

export interface JobOptions {
  readonly wanted: Arguments;
  readonly experiments: readonly AnyExperiment[];
  readonly environment: Environment;
  readonly packageRoot: string;
}

/** A new run in a folder of its own, or the newest one that was interrupted. */
export function jobOf(options: JobOptions): Job {
  return options.wanted.isContinued ? continuedJob(options) : newJob(options);
}

/** Throws ConfigError, UsageError and FolderError before anything is measured. */
function newJob({ wanted, experiments, environment, packageRoot }: JobOptions): Job {
  const file = wanted.config ?? join(packageRoot, "configs", "experiment_config.yaml");
  const config = readConfig(file, experiments);
  const seed = wanted.seed ?? config.seed;
  const context = contextOf(config, wanted.profile ?? "full", environment, packageRoot);
  const plan = chosenOf(experiments, wanted).flatMap((one) => planOf(one, { config, context, seed, repeat: wanted.repeat }) ?? []);
  if (plan.length === 0) throw new UsageError(`Cannot measure as an experiment must be chosen that ${file} has an entry for: none is`);
  const folder = RunFolder.create(wanted.output, environment);
  const owner = RunOwner.claim(folder.path);
  folder.write("config.yaml", readFileSync(file));
  folder.writeJson("plan.json", plan.map(planRecord));
  return { folder, config, plan, context, seed, asked: wanted, owner };
}

/** Measures what the run has not measured yet; what it was asked for stands in its folder. Throws UsageError where that has changed, FolderError where another process measures it. */
function continuedJob({ wanted, experiments, environment, packageRoot }: JobOptions): Job {
  const folder = RunFolder.newestPartial(wanted.output);
  const { profile, seed, commit, arguments: args, experiments: states } = folder.manifest()!; // it is partial, so it is there
  if (commit !== environment.commit)
    throw new UsageError(`Cannot continue ${folder.path} as the program must be that of ${commit}: it is that of ${environment.commit}`);
  if (args === undefined)
    throw new UsageError(`Cannot continue ${folder.path} as it must say what was asked for: found a run of an older program`);
  if (wanted.profile !== undefined && wanted.profile !== profile)
    throw new UsageError(`Cannot continue ${folder.path} as its profile is ${profile}: found --profile ${wanted.profile}`);
  const config = readConfig(join(folder.path, "config.yaml"), experiments);
  const context = contextOf(config, profile as Profile, environment, packageRoot); // as: the manifest has it from the arguments
  const plan = states.flatMap(({ category, name, rounds }) => {
    const found = experiments.find((one) => one.category === category && one.name === name);
    return (found && planOf(found, { config, context, seed, repeat: rounds })) ?? [];
  });
  if (`${JSON.stringify(plan.map(planRecord), null, 2)}\n` !== folder.read("plan.json"))
    throw new UsageError(`Cannot continue ${folder.path} as its plan must be the same as then: the program or its data have changed`);
  const owner = RunOwner.claim(folder.path);
  for (const { experiment } of plan) folder.removeCutOffSample(`${folderOf(experiment)}/samples.jsonl`);
  return { folder, config, plan, context, seed, asked: readArguments(args, packageRoot), owner };
}

function contextOf(config: ExperimentConfig, profile: Profile, { cores }: Environment, packageRoot: string): ExperimentContext {
  const { warmup_ms, measure_ms, open_loop_ms } = config.profiles[profile];
  return {
    profile,
    pace: { warmupMs: warmup_ms, measureMs: measure_ms, openLoopMs: open_loop_ms },
    cores,
    packageRoot,
    sharedData: sharedDataOf(packageRoot),
  };
}
