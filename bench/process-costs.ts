/**
 * `node dist/bench/process-costs.js [FILE]`: measures what a process of its own costs a task on this machine, and prints machines that are cold
 * and stay warm like it, or writes them to FILE, as `dataflower simulate --machines FILE` reads them. Takes about half a minute; the machine should
 * do nothing else.
 */

import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { measureInFreshProcess } from "./harness/fresh-process.js";
import { fullProcessCosts, machinesText, type ProcessCostsSample } from "./harness/measurements/process-costs.js";

/** How long a process is kept unless the engine is told otherwise. */
const keepAlive = "10s";

const [file] = process.argv.slice(2);
const [sample] = await measureInFreshProcess({ contender: "dataflower", workloads: ["process-echo"], parameters: fullProcessCosts });
const text = machinesText(sample as ProcessCostsSample, availableParallelism(), keepAlive); // as: what this measurement prints
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);
