import { Mailbox } from "../../actors/kernel/mailbox.js";
import { MANY_CALLS, mustHold, type Operation, sumBelow } from "./operation.js";

export function mailboxOperations(): Operation[] {
  return [1, MANY_CALLS].map((depth) => {
    const mailbox = new Mailbox<number>(MANY_CALLS);
    let sum = 0;
    return {
      name: `mailbox: in and out, ${depth} deep`,
      calls: MANY_CALLS,
      run() {
        sum = 0;
        for (let message = 0; message < MANY_CALLS; message += depth) {
          for (let next = 0; next < depth; next++) mailbox.offer(message + next);
          for (let next = 0; next < depth; next++) sum += mailbox.take() as number; // it was offered just now
        }
      },
      check: () => mustHold(sum === sumBelow(MANY_CALLS) && mailbox.count === 0, "every message must come out once"),
    };
  });
}
