/**
 * The unit of measurement, a process of its own:
 *
 *     node dist/bench/harness/child.js CONTENDER WORKLOAD[,WORKLOAD…] PARAMETERS
 *
 * measures one contender at each workload and prints one line of JSON a workload. PARAMETERS is JSON, see unit.ts. Fails, with the reason on stderr, when an
 * answer is wrong.
 */

import { measureUnit } from "./unit.js";

const [contender = "", workloads = "", parameters = "{}"] = process.argv.slice(2);
for (const workload of workloads.split(",")) {
  const sample = await measureUnit(contender, workload, JSON.parse(parameters));
  process.stdout.write(`${JSON.stringify({ contender, workload, ...sample })}\n`);
}
// Pools of some peers keep handles that nothing closes; the unit is over when its lines are written.
process.stdout.write("", () => process.exit());
