import { parseArgs } from "node:util";
import { type AnyExperiment, type Category, categories, type Profile, profiles } from "./experiment.js";

export const HELP = `Usage: npm run experiments -- [options]        (npm start: the quick profile)

Measures the experiments of four categories: ${categories.join(", ")}.

  -e, --experiment CATEGORY  one category instead of all; again for more of them
  -c, --config FILE          what to measure (default configs/experiment_config.yaml)
  -o, --output FOLDER        where results go (default results)
      --profile NAME         quick: everything in under two minutes, a first look; full: up to an hour (default full)
      --only NAME            one experiment instead of all; again for more of them
      --repeat N             rounds of each experiment (default: what the configuration says)
      --seed N               decides orders, arrivals and injected faults (default: what the configuration says)
      --continue             goes on with the newest run in the folder that was interrupted, as it was asked for then
      --compare A B          two runs, each a folder: B ÷ A of each metric, with 95 % intervals; measures nothing
      --list                 names the experiments and their questions, and measures nothing
      --quick                the same as --profile quick
      --help                 this text

Results stand in a new folder: report.html shows everything. Exit codes: 0 measured, 1 something broke or an answer was wrong,
2 bad usage, configuration or folder, 130 interrupted: what was measured is kept and marked as partial.
`;

/** What was asked for. */
export interface Arguments {
  readonly config: string;
  readonly output: string;
  readonly profile: Profile;
  readonly seed?: number;
  readonly repeat?: number;
  readonly isContinued: boolean;
  readonly isList: boolean;
  readonly isHelp: boolean;
  readonly categories: readonly Category[];
  readonly only: readonly string[];
  /** Folders of two runs that are to be compared. */
  readonly compared?: readonly [string, string];
}

/** Thrown for what the user got wrong; help follows the message. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Throws UsageError for what is wrong with the command line; of parseArgs what it throws. */
export function readArguments(args: readonly string[], packageRoot: string): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      compare: { type: "boolean", default: false },
      experiment: { type: "string", short: "e", multiple: true, default: [] },
      config: { type: "string", short: "c", default: `${packageRoot}configs/experiment_config.yaml` },
      output: { type: "string", short: "o", default: `${packageRoot}results` },
      profile: { type: "string", default: "full" },
      only: { type: "string", multiple: true, default: [] },
      repeat: { type: "string" },
      seed: { type: "string" },
      continue: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [first, second, ...others] = positionals;
  if (others.length > 0 || (values.compare ? second === undefined : first !== undefined))
    throw new UsageError(`Cannot measure as two folders, and nothing else, belong to --compare: ${positionals.join(" ")}`);
  return {
    ...(first !== undefined && second !== undefined && { compared: [first, second] as const }),
    config: values.config,
    output: values.output,
    profile: values.quick ? "quick" : oneOf("--profile", profiles, values.profile),
    ...(values.seed !== undefined && { seed: wholeNumber("--seed", values.seed, 0) }),
    ...(values.repeat !== undefined && { repeat: wholeNumber("--repeat", values.repeat, 1) }),
    isContinued: values.continue,
    isList: values.list,
    isHelp: values.help,
    categories: values.experiment.map((category) => oneOf("--experiment", categories, category)),
    only: values.only,
  };
}

/** Those that were asked for. Throws UsageError for a name that no experiment has. */
export function chosenOf(experiments: readonly AnyExperiment[], { categories: wanted, only }: Arguments): AnyExperiment[] {
  for (const name of only)
    oneOf(
      "--only",
      experiments.map((one) => one.name),
      name,
    );
  return experiments.filter(
    ({ category, name }) => (wanted.length === 0 || wanted.includes(category)) && (only.length === 0 || only.includes(name)),
  );
}

function oneOf<Known extends string>(flag: string, known: readonly Known[], given: string): Known {
  const found = known.find((one) => one === given);
  if (found === undefined) throw new UsageError(`Cannot measure as ${flag} must be one of ${known.join(", ")}: ${given}`);
  return found;
}

function wholeNumber(flag: string, given: string, min: number): number {
  const number = Number(given);
  if (given.trim() === "" || !Number.isInteger(number) || number < min || number > 0xffff_ffff)
    throw new UsageError(`Cannot measure as ${flag} must be a whole number of at least ${min}: ${given}`);
  return number;
}
