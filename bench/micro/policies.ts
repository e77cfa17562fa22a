import { builtInPolicy, createPolicy, type Policy, policyNames, type Schedulable } from "dataflower/schedulers";
import { seeded } from "../harness/random.js";
import type { FamilyOptions } from "./families.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

const READY_TASKS = [10, 1_000, 100_000, 1_000_000];
const SEED = 1;

/** A task goes out and another one in, among so many that are ready. */
export function policyOperations({ readyTasksMax }: FamilyOptions): Operation[] {
  const sizes = READY_TASKS.filter((size) => size <= readyTasksMax);
  return policyNames.flatMap((name) => sizes.map((size) => policyOperation(name, size)));
}

function policyOperation(name: string, size: number): Operation {
  const random = seeded(SEED);
  let now = 0;
  let policy: Policy | undefined;
  const filled = (): Policy => {
    const made = createPolicy(builtInPolicy(name)!, { random }); // one of the names
    for (let position = 0; position < size; position++) made.insert(taskOf(position, now++, random), now);
    return made;
  };
  return {
    name: `policies: ${name}, one of ${size} tasks taken and put back`,
    calls: MANY_CALLS,
    run() {
      policy ??= filled(); // when its turn has come: a million tasks each would not be kept beside each other
      for (let count = 0; count < MANY_CALLS; count++) {
        const task = policy.take(now++)!; // it is never empty
        policy.insert(Object.assign(task, { readyAt: now }), now);
      }
    },
    check() {
      mustHold(policy?.size === size, "as many tasks as before must be ready");
      policy = undefined;
    },
  };
}

/** Equal but for what the policies look at. */
function taskOf(position: number, now: number, random: () => number): Schedulable {
  return {
    place: -1,
    runId: "run",
    task: "task",
    order: position >> 7,
    position: position & 127,
    readyAt: now,
    submittedAt: 0,
    priority: Math.floor(random() * 10),
    estimate: random() * 1_000,
    deadline: undefined,
    cpus: 0,
    memory: undefined,
    remainingPath: random() * 1_000,
    attempt: 1,
    inputBytes: 0,
  };
}
