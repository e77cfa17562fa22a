import { builtInPolicy, createPolicy, type Policy, type PolicyDefinition, policyNames, type Schedulable } from "dataflower/schedulers";
import { seeded } from "../harness/random.js";
import { MANY_CALLS, mustHold, type Operation, type OperationOptions } from "./operation.js";

const READY_TASKS = [10, 1_000, 10_000, 100_000, 1_000_000];
const SEED = 1;
/** Tasks whose order is looked at in the end. */
const CHECKED_MAX = 10_000;
/** Drawn beforehand, as drawing costs as much as a small queue. */
const DRAWS = 4_096;
/** What policies that learn are told of each task that went out. */
const OBSERVED = { serviceMs: 1, isOk: true };
/** Further away than any operation goes. */
const FAR_MS = 1e12;

/**
 * A task goes out, it is told how it went, and another one goes in, among so many that are ready. The one that goes in stands behind the one that went out, by a
 * random distance, as it does where runs go on: with ranks that stay as they are the same task would come out again at once ("hold model",
 * D. W. Jones, "An empirical comparison of priority-queue and event-set implementations", 1986).
 */
export function policyOperations({ readyTasksMin = 1, readyTasksMax }: OperationOptions): Operation[] {
  const sizes = READY_TASKS.filter((size) => size >= readyTasksMin && size <= readyTasksMax);
  return policyNames.flatMap((name) => sizes.map((size) => policyOperation(builtInPolicy(name)!, size))); // one of the names
}

function policyOperation(definition: PolicyDefinition, size: number): Operation {
  const random = seeded(SEED);
  const draws = Float64Array.from({ length: DRAWS }, random);
  let now = 0;
  let policy: Policy<PolicyTask> | undefined;
  const filled = (): Policy<PolicyTask> => {
    const made = createPolicy<PolicyTask>(definition, { random });
    for (let position = 0; position < size; position++) made.insert(new PolicyTask(position, now++, draws[position % DRAWS]!), now);
    return made;
  };
  return {
    name: `policies: ${definition.name}, one of ${size.toLocaleString("en-US")} tasks out, another one in`,
    calls: MANY_CALLS,
    run() {
      policy ??= filled(); // when its turn has come: a million tasks each would not be kept beside each other
      for (let count = 0; count < MANY_CALLS; count++) {
        const task = policy.take(now++)!; // it is never empty
        policy.observe?.(task, OBSERVED);
        task.becomeReady(now, draws[now % DRAWS]!);
        policy.insert(task, now);
      }
    },
    check() {
      mustHold(policy?.size === size, "as many tasks as before must be ready");
      mustComeInOrder(policy!, definition); // as many as before
      policy = undefined;
    },
  };
}

/** Takes tasks out: each once, and where the policy goes by ranks, in their order. */
function mustComeInOrder(policy: Policy<PolicyTask>, { name, order }: PolicyDefinition): void {
  const rankOf = "rank" in order ? order.rank : (task: PolicyTask) => (name === "fifo" ? task.readyAt : 0);
  const count = Math.min(policy.size, CHECKED_MAX);
  const taken = Array.from({ length: count }, () => policy.take(0)!); // there are as many
  mustHold(new Set(taken).size === count, "no task may come twice");
  const ranks = taken.map((task) => rankOf(task, 0));
  mustHold(
    ranks.every((rank, at) => at === 0 || rank >= ranks[at - 1]!),
    "tasks must come in the order of the policy",
  );
}

/** Differs from others in what the policies look at. */
class PolicyTask implements Schedulable {
  place = -1;
  note = Number.NaN;
  readonly runId = "run";
  readonly task = "task";
  readonly category = "task";
  readonly order: number;
  readonly position: number;
  readyAt = 0;
  readonly submittedAt = 0;
  priority = 0;
  estimate = 0;
  deadline = FAR_MS;
  readonly cpus = 0;
  readonly memory = undefined;
  remainingPath = 0;
  readonly attempt = 1;
  readonly inputBytes = 0;

  constructor(position: number, now: number, draw: number) {
    this.order = position >> 7;
    this.position = position & 127;
    this.becomeReady(now, draw);
  }

  becomeReady(now: number, draw: number): void {
    this.readyAt = now;
    this.priority = Math.floor(draw * 10);
    this.estimate += draw;
    this.deadline += draw;
    this.remainingPath -= draw;
  }
}
