import type { Arguments } from "./arguments.js";

/** What was asked for, as far as it decides what is measured and how. */
export type Asked = Pick<Arguments, "profile" | "categories" | "only" | "repeat" | "config" | "seed">;

/** Arguments of the program that ask for the same: those that differ from what it does without any. */
export function argumentsOf({ profile, categories, only, repeat, config, seed }: Asked): string[] {
  return [
    ...categories.flatMap((category) => ["-e", category]),
    ...only.flatMap((name) => ["--only", name]),
    ...(profile === "quick" ? ["--profile", profile] : []),
    ...(repeat === undefined ? [] : ["--repeat", String(repeat)]),
    ...(config === undefined ? [] : ["-c", config]),
    ...(seed === undefined ? [] : ["--seed", String(seed)]),
  ];
}

/** What one types into a shell to ask for the same. */
export function commandOf(asked: Asked): string {
  const args = argumentsOf(asked).map(quoted);
  return ["npm run experiments", ...(args.length === 0 ? [] : ["--"]), ...args].join(" ");
}

/** The same of one experiment alone. */
export function commandOfOne(asked: Asked, name: string): string {
  return commandOf({ ...asked, categories: [], only: [name] });
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
