import type { BanditSnapshot, RunTimeSnapshot } from "../../../schedulers/index.js";

/** What policies have learnt, by their names: the engine's about runs, those of workflows about tasks. */
export interface Learned {
  readonly runs: Readonly<Record<string, unknown>>;
  readonly tasks: Readonly<Record<string, unknown>>;
}

/** Policies that know more in a later life for what they have seen in this one. */
export const learningPolicies: ReadonlySet<string> = new Set(["learned", "adaptive"]);

/**
 * What is worth keeping of what the workers have learnt. All of them began with the same knowledge, so to add theirs up would count that once
 * for each: of every kind of tasks, and of every choice, the worker is believed that has seen most.
 */
export function worthKeeping(runs: Readonly<Record<string, object>>, tasks: readonly Readonly<Record<string, object>>[]): Learned {
  return { runs: known([runs]), tasks: known(tasks) };
}

function known(snapshots: readonly Readonly<Record<string, object>>[]): Record<string, unknown> {
  const times = snapshots.flatMap(({ learned }) => (learned === undefined ? [] : (learned as RunTimeSnapshot).kinds)); // by its name
  const choices = snapshots.flatMap(({ adaptive }) => (adaptive === undefined ? [] : (adaptive as BanditSnapshot))); // by its name
  const byKind = new Map<string, RunTimeSnapshot["kinds"][number]>();
  for (const kind of times) if (kind.count > (byKind.get(kind.kind)?.count ?? 0)) byKind.set(kind.kind, kind);
  const [choice] = choices.toSorted((one, other) => rewarded(other) - rewarded(one));
  return {
    ...(byKind.size > 0 ? { learned: { kinds: [...byKind.values()] } } : {}),
    ...(choice === undefined ? {} : { adaptive: { ...choice, switches: [] } }),
  };
}

const rewarded = ({ rewards }: BanditSnapshot): number => rewards.flat().reduce((sum, { count }) => sum + count, 0);
