// Programs with actors that must compile.
import { type ActorContext, type ActorRef, createActorSystem, createTestKit, defineActor, explore, type Outcome } from "dataflower/actors";

type CounterMessage =
  | { readonly kind: "add"; readonly amount: number }
  | { readonly kind: "sum"; readonly replyTo: ActorRef<number> }
  | { readonly kind: "text"; readonly replyTo: ActorRef<string> };

export const counter = defineActor((context: ActorContext<CounterMessage>, { from }: { readonly from: number }) => {
  let sum = from;
  const cancel = context.every(1000, { kind: "add", amount: 1 });
  return {
    receive(message) {
      if (message.kind === "add") sum += message.amount;
      else if (message.kind === "sum") message.replyTo.tell(sum);
      else message.replyTo.tell(String(sum));
    },
    stopped: cancel,
  };
});

/** No arguments, immutable messages, a handler that is a function. */
export const relay = defineActor(
  (_: ActorContext<{ readonly to: ActorRef<number> }>) =>
    ({ to }) =>
      void to.tell(1),
  {
    immutable: true,
    supervise: (error) => (error instanceof RangeError ? "restart" : "escalate"),
  },
);

export const asker = defineActor((context: ActorContext<Outcome<number> | { readonly of: ActorRef<CounterMessage> }>) => (message) => {
  if ("of" in message)
    context.ask(
      message.of,
      (replyTo: ActorRef<number>) => ({ kind: "sum", replyTo }),
      (outcome) => outcome,
      { timeoutMs: 100 },
    );
});

const system = await createActorSystem({ workers: 2, mailbox: { depthMax: 100, overflow: "drop-oldest" } });
const here: ActorRef<CounterMessage> = system.spawn(counter, { from: 1 }, { name: "here", supervision: "restart" });
const there = await system.spawnOn<typeof counter>("any", { module: import.meta.url, export: "counter" }, { from: 1 });
const without = await system.spawnOn<typeof relay>(1, { module: import.meta.url, export: "relay" });
const isTaken: boolean = here.tell({ kind: "add", amount: 1 });
await there.send({ kind: "add", amount: 2 });
export const sum: number = await there.ask({ kind: "sum" });
export const text: string = await there.ask({ kind: "text" }, { timeout: "1s", signal: AbortSignal.timeout(10) });
export const alike: number = await here.ask((replyTo: ActorRef<number>) => ({ kind: "sum", replyTo }));
without.tell({ to: system.spawn(defineActor((_: ActorContext<number | string>) => () => {})) }); // takes numbers, and more
const found = system.lookup<CounterMessage>("here");
found?.tell({ kind: "add", amount: Number(isTaken) });
system.watch(here, ({ reason, isRestarted }) => void [reason, isRestarted]);
for await (const { to, reason } of system.deadLetters) void [to, reason];
await system.close({ grace: "5s" });

const kit = createTestKit({ seed: 7 });
const probe = kit.probe<number>();
kit.spawn(counter, { from: 3 }).tell({ kind: "sum", replyTo: probe.ref });
kit.run();
export const received: readonly number[] = probe.received;
export const interleavings: number = explore((own) => {
  own.spawn(relay).tell({ to: own.probe<number>().ref });
  return () => {};
}).interleavings;
