import type { PolicyDefinition, TaskFacts } from "../../schedulers/index.js";

/**
 * The same policy, where it goes by ranks with each rank kept beside: an engine's workers go by those of their runs.
 *
 * @param keep told of each rank, by the task or run that was ranked
 */
export function keepingRanks<Ranked extends TaskFacts>(
  definition: PolicyDefinition,
  keep: (ranked: Ranked, rank: number) => void,
): PolicyDefinition {
  const { order } = definition;
  if (!("rank" in order)) return definition;
  const rank: typeof order.rank = (ranked, now) => {
    const value = order.rank(ranked, now);
    keep(ranked as Ranked, value); // whoever makes the policy inserts nothing else
    return value;
  };
  return { ...definition, order: { rank } };
}
