/** Leaves so many runs unfinished in a store and dies, as by `kill -9`. Arguments: URL of the store, durability, runs. */
import { DataFlower } from "dataflower";
import type { Durability } from "../peers/durable/contender.js";
import { idOf, unfinishedRuns, WAITS } from "../workloads/unfinished-runs-workflow.js";

const [store, durability, runs] = process.argv.slice(2) as [string, Durability, string]; // given by resumption.ts
process.env[WAITS] = "1";
const engine = await DataFlower.start({ workflows: [unfinishedRuns], store, durability, limits: { intakeMax: Number(runs) } });
await Promise.all(Array.from({ length: Number(runs) }, (_, run) => engine.submit(unfinishedRuns, { value: run }, { runId: idOf(run) })));
process.kill(process.pid, "SIGKILL");
