import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, randomInts, type Savina } from "../savina.js";

const accounts = 1_000;
const firstBalance = 1_000_000;

type AccountMessage =
  | { readonly kind: "debit"; readonly amount: number; readonly to: ActorRef<AccountMessage>; readonly teller: ActorRef<TellerMessage> }
  | { readonly kind: "credit"; readonly amount: number; readonly from: ActorRef<AccountMessage> }
  | { readonly kind: "credited" }
  | { readonly kind: "balance"; readonly replyTo: ActorRef<number> };

type TellerMessage =
  | {
      readonly kind: "open";
      readonly accounts: readonly ActorRef<AccountMessage>[];
      readonly transactions: number;
      readonly replyTo: ActorRef<number>;
    }
  | { readonly kind: "done" };

/** While a transaction of it is under way, the account keeps what it is told for later. */
export const account = defineActor((context: ActorContext<AccountMessage>) => {
  let balance = firstBalance;
  let teller: ActorRef<TellerMessage> | undefined;
  const later: Extract<AccountMessage, { kind: "debit" }>[] = [];
  const debit = (message: Extract<AccountMessage, { kind: "debit" }>) => {
    balance -= message.amount;
    teller = message.teller;
    message.to.tell({ kind: "credit", amount: message.amount, from: context.self });
  };
  return (message) => {
    switch (message.kind) {
      case "debit":
        if (teller === undefined) debit(message);
        else later.push(message);
        break;
      case "credit":
        balance += message.amount;
        message.from.tell({ kind: "credited" });
        break;
      case "credited": {
        teller?.tell({ kind: "done" });
        teller = undefined;
        const next = later.shift();
        if (next !== undefined) debit(next);
        break;
      }
      case "balance":
        message.replyTo.tell(balance);
    }
  };
});

export const teller = defineActor((context: ActorContext<TellerMessage>) => {
  const draw = randomInts(123_456);
  let opened: Extract<TellerMessage, { kind: "open" }>;
  let done = 0;
  let begun = 0;
  const begin = () => {
    begun += 1;
    const from = draw(accounts - 1);
    const to = from + 1 + draw(accounts - from - 1);
    opened.accounts[from]?.tell({ kind: "debit", amount: draw(200), to: opened.accounts[to]!, teller: context.self });
  };
  return (message) => {
    if (message.kind === "open") {
      opened = message;
      while (begun < Math.min(message.transactions, 1_000)) begin(); // as many as the rings between workers hold
    } else {
      done += 1;
      if (begun < opened.transactions) begin();
      if (done === opened.transactions) opened.replyTo.tell(done);
    }
  };
});

/** Money goes from account to account; each waits until the other one has it. */
export const banking: Savina = {
  name: "banking",
  sized: "transactions between 1,000 accounts",
  sizes: { full: 50_000, tenth: 5_000, tiny: 200 },
  async run(place, transactions) {
    const module = import.meta.url;
    const all = await place.spawnAll<typeof account>(accounts, { module, export: "account" });
    const at = await place.spawn<typeof teller>(0, { module, export: "teller" });
    mustBe(await at.ask({ kind: "open", accounts: all, transactions }, patience), transactions, "transactions");
    const balances = await Promise.all(all.map((one) => one.ask({ kind: "balance" }, patience)));
    mustBe(
      balances.reduce((sum, balance) => sum + balance, 0),
      accounts * firstBalance,
      "money of all accounts",
    );
    return 4 * transactions;
  },
};
