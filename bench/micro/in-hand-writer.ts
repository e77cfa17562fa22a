import { InHand } from "../../runtime/memory/in-hand.js";
import { InHandWriter } from "../../runtime/worker/in-hand-writer.js";
import { firstTask, loneWorkflow } from "../ladder/lone-workflow.js";
import { chain } from "../workloads/chain.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

/** As a worker does it before every attempt, for the watch-dog and for charging attempts. */
export function inHandOperations(): Operation[] {
  const inHand = new InHand(new SharedArrayBuffer(InHand.bytes()), 0);
  const writer = new InHandWriter(inHand);
  const task = firstTask(loneWorkflow(chain(1), "default"));
  return [
    {
      name: "in hand: start of an attempt noted",
      calls: MANY_CALLS,
      run() {
        for (let count = 1; count <= MANY_CALLS; count++) {
          task.attempt = count;
          writer.begin(task);
        }
      },
      check() {
        const record = inHand.read();
        mustHold(record?.attempt === MANY_CALLS && record.positions[0] === task.instance, "the last attempt must be on record");
      },
    },
  ];
}
