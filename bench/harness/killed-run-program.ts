/** One life of a run that is killed, or gone on with: prints `{ value, endMs }` when the run has ended. Argument: a Life, as JSON. */
import { DataFlower } from "dataflower";
import { openWorker } from "../peers/durable/bullmq.js";
import { DIES_BEFORE, performSteps, type Steps } from "../workloads/steps.js";
import { monotonicMs } from "./clock.js";

type WorkflowModule = typeof import("../workloads/steps-workflow.js");

export interface Life extends Steps {
  readonly executor: "dataflower" | "bullmq";
  /** URL of the store; `memory:` for a run that each life begins from scratch. */
  readonly store: string;
  readonly commit: "strict" | "pipelined";
  /** Steps of a task; a job of BullMQ has one. */
  readonly each: number;
  /** BullMQ takes a job from a worker that has not renewed its lock for so long, and looks for such jobs as often. */
  readonly lockMs: number;
  /** Undefined in the life that goes on. */
  readonly diesBefore?: number;
}

const RUN_ID = "killed";

async function throughDataFlower({ store, commit, each, ledger, steps, kernel }: Life): Promise<number> {
  const address = new URL("../workloads/steps-workflow.js", import.meta.url);
  address.search = new URLSearchParams({ steps: String(steps), each: String(each) }).toString();
  const { stepwise } = (await import(address.href)) as WorkflowModule; // as: that is this address
  const durability = store === "memory:" ? "memory" : "process";
  const engine = await DataFlower.start({ workflows: [stepwise], workers: 1, store, durability, commit });
  return engine.run(stepwise, { ledger, steps, kernel }, { runId: RUN_ID });
}

interface StepJob {
  readonly step: number;
  readonly value: number;
}

/** A job adds the one after it before it ends; the id of a job names its step, so one that is added twice is one job. */
function throughBullMQ(life: Life): Promise<number> {
  const idOf = (step: number) => `${RUN_ID}-${step}`;
  return new Promise((resolve, reject) => {
    const opened = openWorker<StepJob, number>({
      url: life.store,
      lockMs: life.lockMs,
      async process({ data: { step, value } }) {
        const next = performSteps(life, step, step + 1, value);
        if (step + 1 < life.steps) await (await opened).queue.add("step", { step: step + 1, value: next }, { jobId: idOf(step + 1) });
        return next;
      },
      completed({ data: { step } }, value) {
        if (step === life.steps - 1) resolve(value);
      },
      failed: reject,
    });
    if (life.diesBefore !== undefined)
      opened.then(({ queue }) => queue.add("step", { step: 0, value: 1 }, { jobId: idOf(0) })).catch(reject);
    else opened.catch(reject);
  });
}

// It must not outlive who started it: a worker of BullMQ waits for its Redis for ever.
process.stdin.resume().on("end", () => process.exit(1));
const life = JSON.parse(process.argv[2] ?? "") as Life; // as: given by killed-runs.ts
if (life.diesBefore !== undefined) process.env[DIES_BEFORE] = String(life.diesBefore);
const value = await (life.executor === "bullmq" ? throughBullMQ(life) : throughDataFlower(life));
process.stdout.write(JSON.stringify({ value, endMs: monotonicMs() }), () => process.exit());
