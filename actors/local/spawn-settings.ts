import type { Actor, SpawnRules } from "../kernel/actor.js";
import { DataFlowerError } from "../kernel/errors.js";
import { mailboxDepthDefault, restartsMax as restartsDefault, restartWindowMs as windowDefault } from "../kernel/limits.js";
import type { Directive } from "../kernel/supervision.js";
import { thrownText } from "../kernel/thrown-text.js";
import { describe } from "../kernel/value-refusal.js";

/** Characters of an actor's own name. */
export const nameCharsMax = 200;

export interface MailboxOptions {
  /** Messages that it holds, at least 1. @defaultValue 1,048,576 */
  readonly depthMax?: number;
  /** When it is full: "refuse" the new message (`tell` answers false), or give up the oldest one for it. Either becomes a dead letter. @defaultValue "refuse" */
  readonly overflow?: "refuse" | "drop-oldest";
}

export interface Supervision {
  /** @defaultValue what the actor's definition says, "stop" without it */
  readonly directive?: Directive;
  /** Restarts within the window before the actor is given up with DF_ACTOR_RESTARTS, which is escalated. @defaultValue 5 */
  readonly restartsMax?: number;
  /** Length of the window, in ms. @defaultValue 10,000 */
  readonly restartWindowMs?: number;
}

/** What whoever spawns an actor may say of it. All of it is data. */
export interface SpawnOptions {
  /** Up to 200 characters without `/`, not beginning with `#`; a child is called PARENT/NAME. @defaultValue a number */
  readonly name?: string;
  readonly mailbox?: MailboxOptions;
  /** What becomes of the actor when its handler throws. */
  readonly supervision?: Directive | Supervision;
}

/** The same with every field filled in. */
export interface SpawnSettings {
  readonly name: string | undefined;
  readonly mailboxDepthMax: number;
  /** undefined: its definition decides. */
  readonly directive: Directive | undefined;
  readonly rules: SpawnRules;
}

const directives: readonly unknown[] = ["restart", "resume", "stop", "escalate"] satisfies Directive[];
const optionNames: readonly string[] = ["name", "mailbox", "supervision"] satisfies (keyof SpawnOptions)[];
const mailboxNames: readonly string[] = ["depthMax", "overflow"] satisfies (keyof MailboxOptions)[];
const supervisionNames: readonly string[] = ["directive", "restartsMax", "restartWindowMs"] satisfies (keyof Supervision)[];

/** @throws DF_OPTION_INVALID */
export function resolveSpawnOptions(given: SpawnOptions = {}, mailboxDefaults: MailboxOptions = {}): SpawnSettings {
  requireKnown("options", given, optionNames);
  if (given.mailbox !== undefined) requireKnown("options.mailbox", given.mailbox, mailboxNames);
  const { depthMax = mailboxDepthDefault, overflow = "refuse" } = { ...mailboxDefaults, ...given.mailbox };
  requireCount("mailbox.depthMax", depthMax, 1);
  if (overflow !== "refuse" && overflow !== "drop-oldest") refuse("mailbox.overflow", `"refuse" or "drop-oldest"`, overflow);
  const { directive, restartsMax = restartsDefault, restartWindowMs = windowDefault } = supervisionOf(given.supervision);
  requireCount("supervision.restartsMax", restartsMax, 0);
  requireCount("supervision.restartWindowMs", restartWindowMs, 1);
  if (directive !== undefined && !directives.includes(directive)) refuse("supervision", directives.join(" or "), directive);
  return {
    name: given.name === undefined ? undefined : requireName(given.name),
    mailboxDepthMax: depthMax,
    directive,
    rules: { overflow, restartsMax, restartWindowMs, givenUp },
  };
}

function supervisionOf(given: SpawnOptions["supervision"]): Supervision {
  if (given === undefined || typeof given === "string") return given === undefined ? {} : { directive: given };
  requireKnown("options.supervision", given, supervisionNames);
  return given;
}

interface GivesUp {
  giveUp(error: unknown): DataFlowerError;
}

/** What is escalated instead of what the actor threw at last. */
function givenUp(error: unknown, actor: Actor<never>): DataFlowerError {
  return (actor as Actor<never> & GivesUp).giveUp(error); // LocalSystem gives these rules to residents only
}

export function restartsError(name: string, { restartsMax, restartWindowMs }: SpawnRules, error: unknown): DataFlowerError {
  const rule = `no more than ${restartsMax} restarts may be needed within ${restartWindowMs} ms`;
  return new DataFlowerError("DF_ACTOR_RESTARTS", `Cannot restart actor ${name} again as ${rule}: found ${thrownText(error)}`, {
    cause: error,
  });
}

function requireName(name: unknown): string {
  if (typeof name === "string" && name !== "" && name.length <= nameCharsMax && name.isWellFormed() && !/^#|\//.test(name)) return name;
  return refuse("name", `a text of 1 to ${nameCharsMax} characters without / that does not begin with #`, name);
}

function requireCount(path: string, value: unknown, min: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < min) refuse(path, `an integer of at least ${min}`, value);
}

function requireKnown(path: string, value: unknown, names: readonly string[]): void {
  if (typeof value !== "object" || value === null) refuse(path, "an object", value);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new DataFlowerError(
    "DF_OPTION_INVALID",
    `Cannot spawn an actor as there is no option ${path}.${unknown}: known are ${names.join(", ")}`,
  );
}

function refuse(path: string, rule: string, value: unknown): never {
  throw new DataFlowerError("DF_OPTION_INVALID", `Cannot spawn an actor as ${path} must be ${rule}: found ${describe(value)}`);
}
