// Mistakes with actors, as in wrong.ts.
import { type ActorContext, type ActorDefinition, type ActorRef, type Actors, defineActor, type TestKit } from "dataflower/actors";

type CounterMessage = { readonly kind: "add"; readonly amount: number } | { readonly kind: "sum"; readonly replyTo: ActorRef<number> };

declare const system: Actors;
declare const kit: TestKit;
declare const counter: ActorDefinition<CounterMessage, { readonly from: number }>;
declare const plain: ActorDefinition<number, undefined>;
declare const ref: ActorRef<CounterMessage>;
const source = { module: "m", export: "e" };

// N01 a message of another kind
ref.tell({ kind: "subtract", amount: 1 });
// N02 a field of another type
ref.tell({ kind: "add", amount: "1" });
// N03 a message that lacks a field
void ref.send({ kind: "add" });
// N04 a question that nobody answers
void ref.ask({ kind: "add", amount: 1 });
// N05 an answer of another type
export const text: Promise<string> = ref.ask({ kind: "sum" });
// N06 a ref that takes less than is told to it
ref.tell({ kind: "sum", replyTo: kit.probe<string>().ref });
// N07 no arguments
system.spawn(counter);
// N08 arguments of another type
system.spawn(counter, { from: "1" });
// N09 arguments where there are none
system.spawn(plain, 5);
// N10 no arguments on a worker
void system.spawnOn<typeof counter>(0, source);
// N11 arguments of another type on a worker
void system.spawnOn<typeof counter>(0, source, { from: "1" });
// N12 a worker that is neither a number nor any
void system.spawnOn<typeof counter>("all", source, { from: 1 });
// N13 a source without an export
void system.spawnOn<typeof counter>(0, { module: "m" }, { from: 1 });
// N14 a directive that is none
system.spawn(counter, { from: 1 }, { supervision: "ignore" });
// N15 an overflow that is none
system.spawn(counter, { from: 1 }, { mailbox: { overflow: "grow" } });
// N16 a misspelt option
system.spawn(counter, { from: 1 }, { nmae: "n" });
// N17 what is no definition
system.spawn((message: number) => void message, undefined);
// N18 a timer with a message of another kind
defineActor((context: ActorContext<CounterMessage>) => {
  context.after(10, { kind: "tick" });
  return () => {};
});
// N19 a watch that tells something else
defineActor((context: ActorContext<CounterMessage>) => {
  context.watch(ref, (end) => end);
  return () => {};
});
// N20 a handler of other messages
defineActor((_: ActorContext<CounterMessage>) => (message: { readonly kind: "none" }) => void message);
// N21 no handler
defineActor((_: ActorContext<CounterMessage>) => 5);
// N22 a supervisor that decides nothing
defineActor((_: ActorContext<number>) => () => {}, { supervise: () => "perhaps" });
// N23 a ref as a plain value
export const sum: number = ref;
// N24 a timeout that is none
void ref.ask({ kind: "sum" }, { timeout: "soon" });
// N25 a child without its arguments
defineActor((context: ActorContext<number>) => {
  context.spawn(counter);
  return () => {};
});
// N26 a definition of other messages
export const other: ActorDefinition<string, undefined> = plain;
// N27 a ref of fewer messages
export const fewer: ActorRef<string | number> = kit.probe<string>().ref;
