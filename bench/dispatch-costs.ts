/**
 * `npm run costs [-- FILE]`: measures what the engine adds to tasks on this machine and prints it, or writes it to FILE, as
 * `dataflower simulate --dispatch workers --costs FILE` reads it. Takes about a minute; the machine should do nothing else.
 */

import { writeFileSync } from "node:fs";
import { measureInFreshProcess } from "./harness/fresh-process.js";
import { type DispatchCostsSample, fullDispatchCosts } from "./harness/measurements/dispatch-costs.js";

const [file] = process.argv.slice(2);
const [sample] = await measureInFreshProcess({ contender: "dataflower", workloads: ["dispatch-costs"], parameters: fullDispatchCosts });
const { costs, hops, commits } = sample as DispatchCostsSample; // as: what this measurement prints
const text = `${JSON.stringify(costs, null, 2)}\n`;
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);
process.stderr.write(`${hops} hops, ${commits} commits; of fewer than 10,000 there are no percentiles\n`);
