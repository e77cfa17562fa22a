import { Mailbox } from "../../actors/kernel/mailbox.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

export function mailboxOperations(): Operation[] {
  return [1, MANY_CALLS].map((depth) => {
    const mailbox = new Mailbox<number>(MANY_CALLS);
    let sum = 0;
    return {
      name: `mailbox: in and out, ${depth} deep`,
      calls: MANY_CALLS,
      run() {
        sum = 0;
        for (let batch = 0; batch < MANY_CALLS / depth; batch++) {
          for (let message = 0; message < depth; message++) mailbox.offer(message);
          for (let message = 0; message < depth; message++) sum += mailbox.take() as number; // it was offered just now
        }
      },
      check: () => mustHold(sum === (MANY_CALLS * (depth - 1)) / 2, "every message must come out once"),
    };
  });
}
