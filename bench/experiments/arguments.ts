import { parseArgs } from "node:util";
import { ROUNDS_MAX } from "./config-values.js";
import { type AnyExperiment, type Category, categories, type Profile, profiles } from "./experiment.js";

export const HELP = `Usage: npm run experiments -- [options]        (npm start: the quick profile)

Measures the experiments of four categories: ${categories.join(", ")}.

  -e, --experiment CATEGORY  one category instead of all; again for more of them
  -c, --config FILE          what to measure (default configs/experiment_config.yaml)
  -o, --output FOLDER        where results go (default results)
      --profile NAME         quick: everything in under two minutes, a first look; full: up to an hour (default full)
      --only NAME            one experiment instead of all; again for more of them
      --repeat N             rounds of each experiment, ${ROUNDS_MAX} at most (default: what the configuration says)
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
  /** @defaultValue the one in `configs/` */
  readonly config?: string;
  readonly output: string;
  /** @defaultValue full */
  readonly profile?: Profile;
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
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    tokens: true,
    allowPositionals: true,
    options: {
      compare: { type: "boolean", default: false },
      experiment: { type: "string", short: "e", multiple: true, default: [] },
      config: { type: "string", short: "c" },
      output: { type: "string", short: "o", default: `${packageRoot}results` },
      profile: { type: "string" },
      only: { type: "string", multiple: true, default: [] },
      repeat: { type: "string" },
      seed: { type: "string" },
      continue: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const given = tokens.flatMap((token) => (token.kind === "option" ? [{ name: token.name, value: token.value }] : []));
  if (!values.help) requireMeaning(given);
  const profile = values.profile === undefined ? undefined : oneOf("--profile", profiles, values.profile);
  if (values.quick && profile !== undefined && profile !== "quick")
    throw new UsageError(`Cannot measure as --quick and --profile must name the same profile: found ${profile}`);
  const [first, second, ...others] = positionals;
  if (others.length > 0 || (values.compare ? second === undefined : first !== undefined))
    throw new UsageError(`Cannot measure as two folders, and nothing else, belong to --compare: ${positionals.join(" ")}`);
  return {
    ...(first !== undefined && second !== undefined && { compared: [first, second] as const }),
    ...(values.config !== undefined && { config: values.config }),
    output: values.output,
    ...(values.quick ? { profile: "quick" } : profile !== undefined && { profile }),
    ...(values.seed !== undefined && { seed: wholeNumber("--seed", values.seed, { min: 0, max: 0xffff_ffff }) }),
    ...(values.repeat !== undefined && { repeat: wholeNumber("--repeat", values.repeat, { min: 1, max: ROUNDS_MAX }) }),
    isContinued: values.continue,
    isList: values.list,
    isHelp: values.help,
    categories: values.experiment.map((category) => oneOf("--experiment", categories, category)),
    only: values.only,
  };
}

/** What else has a meaning beside options that decide all the rest. */
const meaningfulBeside: Readonly<Record<string, readonly string[]>> = {
  compare: [],
  continue: ["output", "profile", "quick"],
  list: ["experiment", "only"],
};

/** Throws UsageError for an option that another one leaves without a meaning. */
function requireMeaning(given: readonly { readonly name: string; readonly value: string | undefined }[]): void {
  const isFromStart = given[0]?.name === "profile" && given[0].value === "quick"; // npm start puts it there, whatever is asked for
  const names = given.slice(isFromStart ? 1 : 0).map(({ name }) => name);
  for (const [decisive, others] of Object.entries(meaningfulBeside)) {
    const found = names.includes(decisive) ? names.find((name) => name !== decisive && !others.includes(name)) : undefined;
    if (found === undefined) continue;
    const most = others.length === 0 ? "no other option" : `nothing but ${others.map((name) => `--${name}`).join(", ")}`;
    throw new UsageError(`Cannot measure as --${decisive} goes with ${most}: found --${found}`);
  }
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

function wholeNumber(flag: string, given: string, { min, max }: { readonly min: number; readonly max: number }): number {
  const number = Number(given);
  if (given.trim() === "" || !Number.isInteger(number) || number < min || number > max)
    throw new UsageError(`Cannot measure as ${flag} must be a whole number from ${min} to ${max}: found ${given}`);
  return number;
}
