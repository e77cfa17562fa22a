import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

/**
 * Checks the Spin models of the shared-memory protocols: the shipped protocol holds in every interleaving of its model, and each known-bad
 * variant is found out, so that the model can tell right from wrong. What is modelled and checked stands at the head of each model.
 *
 * One by hand, with the steps of a counterexample:
 *   spin -a -DKEEP_TURN ready-queue.pml && cc -w -DSAFETY -o pan pan.c && ./pan && spin -DKEEP_TURN -t -p -g ready-queue.pml
 */

/** What is asked of a model, and how the checker is built and called for it. */
const questions = {
  /** Assertions, and no end state in which a thread is stuck. */
  safety: { build: ["-DSAFETY"], call: [] },
  /** No infinite execution without progress; any scheduling, also one that forgets a thread, counts as an execution. */
  lockFreedom: { build: ["-DNP", "-DNOFAIR"], call: ["-l"] },
  /** The same, where every thread that lives goes on running. */
  fairProgress: { build: ["-DNP", "-DNFAIR=3"], call: ["-l", "-f"] },
};
type Question = keyof typeof questions;

const checkerMemoryMib = 1024;
const searchDepthMax = 200_000;
const checkTimeoutMs = 180_000;

const run = promisify(execFile);
const models = fileURLToPath(new URL(".", import.meta.url));

const compiler = process.env.CC ?? "cc";
const missing = ["spin", compiler].filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
if (missing.length > 0) {
  console.warn(`SKIPPED runtime/memory/models: cannot check the models as this is not installed: ${missing.join(", ")}`);
  test.skipIf(process.env.CI !== "true")("spin and a C compiler are installed", () => expect(missing).toEqual([]));
}

/** Generates, builds and runs the checker of a model. Returns its report. */
async function check(model: string, variant: string, question: Question, optimise: string): Promise<string> {
  const defines = variant.split(" ").filter((word) => word !== "");
  const { build, call } = questions[question];
  const folder = await mkdtemp(join(tmpdir(), "dataflower-spin-"));
  try {
    await run("spin", ["-a", ...defines, join(models, model)], { cwd: folder });
    await run(compiler, ["-w", optimise, `-DMEMLIM=${checkerMemoryMib}`, ...build, "-o", "pan", "pan.c"], { cwd: folder });
    const { stdout } = await run(join(folder, "pan"), [`-m${searchDepthMax}`, ...call], { cwd: folder });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const errorsIn = (report: string): number => Number(/errors: (\d+)/.exec(report)?.[1] ?? Number.NaN);

interface Expectation {
  readonly question: Question;
  readonly variant?: string;
  /** Threads of the model of which the search must have visited every step: what it never visits it does not check. */
  readonly visits?: readonly string[];
}

function holds(model: string, claim: string, { question, variant = "", visits = [] }: Expectation): void {
  test(`${model} holds: ${claim}`, { timeout: checkTimeoutMs }, async () => {
    const report = await check(model, variant, question, "-O1");
    expect(report).not.toMatch(/Search not completed|max search depth too small/);
    expect(errorsIn(report), report).toBe(0);
    for (const thread of visits) expect(report).toMatch(new RegExp(`unreached in proctype ${thread}\n\\s*\\(0 of`));
  });
}

/** @param error what the checker must say: a variant that fails for another reason proves nothing */
function isFoundOut(model: string, variant: string, claim: string, error: RegExp, question: Question = "safety"): void {
  test(`${model} with ${variant} is found out: ${claim}`, { timeout: checkTimeoutMs }, async () => {
    const report = await check(model, variant, question, "-O0");
    expect(errorsIn(report), report).toBeGreaterThanOrEqual(1);
    expect(report).toMatch(error);
  });
}

const assertionViolated = /pan:1: assertion violated/;
const stuck = /pan:1: invalid end state/;
const forEver = /pan:1: non-progress cycle/;

describe.skipIf(missing.length > 0).concurrent("Spin models of the shared-memory protocols", () => {
  const queue = "ready-queue.pml";
  holds(queue, "each ticket is taken once, in order, whole; full and empty are true", { question: "safety" });
  holds(queue, "it is lock-free", { question: "lockFreedom" });
  const producerDies = "-DDEATH=PRODUCER";
  holds(queue, "after a producer's death and repair", { question: "safety", variant: producerDies, visits: ["Producer"] });
  holds(queue, "it is lock-free while a producer lies dead", { question: "lockFreedom", variant: producerDies });
  const consumerDies = "-DDEATH=CONSUMER";
  holds(queue, "after a consumer's death and repair", { question: "safety", variant: consumerDies, visits: ["Consumer"] });
  holds(queue, "it is lock-free while a consumer lies dead", { question: "lockFreedom", variant: consumerDies });
  isFoundOut(queue, "-DKEEP_TURN", "the CAS of a slow producer fits a later lap", assertionViolated);
  isFoundOut(queue, "-DNO_SEQUENCE", "the CAS of a slow consumer takes a later publication", /violated \(order/);
  isFoundOut(queue, "-DNO_SECOND_LOOK", "the state seen belongs to a later publication", /violated \(order/);
  isFoundOut(queue, "-DADD_HINTS", "two helpers skip a slot", assertionViolated);
  isFoundOut(queue, "-DLATE_PAYLOAD", "a payload is read before it was written", /violated isWritten/);
  isFoundOut(queue, "-DEARLY_DONE", "a payload is read when its cell may be used again", /violated isWritten/);
  isFoundOut(queue, "-DNO_HELP", "a thread that is not run stops the others", forEver, "lockFreedom");
  isFoundOut(queue, `-DNO_HELP ${consumerDies}`, "a dead consumer stops the others for ever", forEver, "fairProgress");
  isFoundOut(queue, `-DCLAIM_FIRST ${producerDies}`, "what lies behind a dead producer's slot is never taken", forEver, "fairProgress");

  const bell = "doorbell.pml";
  holds(bell, "no wake-up is lost, and one message is posted for a sleep", { question: "safety" });
  holds(bell, "no wake-up is lost when a ringer dies", {
    question: "safety",
    variant: "-DDEATH",
    visits: ["Sleeper", "Ringer", "Supervisor"],
  });
  isFoundOut(bell, "-DNO_RECHECK", "work published between the look and the announcement is slept through", stuck);
  isFoundOut(bell, "-DSEEN_LATE", "a ring between the look and the count is slept through", stuck);
  isFoundOut(bell, "-DHUNGRY_LATE", "a ticket published before HUNGRY rings nobody", stuck);
  isFoundOut(bell, "-DRING_FIRST", "work published after its ring is slept through", stuck);
  isFoundOut(bell, "-DALWAYS_POST", "two messages for one sleep", /violated \(posts/);
  isFoundOut(bell, "-DNO_POST -DDEATH", "the message that a dead ringer owed never comes", stuck);

  const answers = "reserved-answers.pml";
  holds(answers, "with promised room no answer is refused and nobody waits for ever", { question: "safety", visits: ["Thread"] });
  isFoundOut(answers, "-DREFUSE_ONLY", "two threads wait for room in each other's full ring", stuck);
  isFoundOut(answers, "-DPROMISE_ONE", "the second answer finds no room", assertionViolated);
  isFoundOut(answers, "-DONE_QUEUE", "requests that wait for room keep answers from being read", stuck);

  const users = "run-users.pml";
  holds(users, "no block is used after it was freed, and no live run is refused", { question: "safety" });
  holds(users, "memory is freed after a guest's death and repair", { question: "safety", variant: "-DDEATH", visits: ["Guest", "Home"] });
  isFoundOut(users, "-DCHECK_FIRST", "the epoch is raised between the check and the users word", assertionViolated);
  isFoundOut(users, "-DFREE_AT_ONCE", "a guest is inside when the block is freed", assertionViolated);
  isFoundOut(users, "-DRAISE_LAST", "a guest comes in between the wait and the raise", assertionViolated);
  isFoundOut(users, "-DREOPEN_EARLY", "a guest of the last run reads the next run's block", assertionViolated);
  isFoundOut(users, "-DSEND_FIRST", "the next run's slot is reused before the last run's epoch is stale", assertionViolated);
  isFoundOut(users, "-DNO_REPAIR -DDEATH", "a dead guest's users word keeps the memory for ever", stuck);
});
