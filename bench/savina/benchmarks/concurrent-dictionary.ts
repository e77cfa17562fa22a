import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, randomInts, type Savina } from "../savina.js";

const workers = 20;
const writePercent = 10;
const keys = 512;

type DictionaryMessage =
  | { readonly kind: "write"; readonly key: number; readonly value: number; readonly from: ActorRef<WorkerMessage> }
  | { readonly kind: "read"; readonly key: number; readonly from: ActorRef<WorkerMessage> }
  | { readonly kind: "writes"; readonly replyTo: ActorRef<number> };

type WorkerMessage =
  | {
      readonly kind: "start";
      readonly dictionary: ActorRef<DictionaryMessage>;
      readonly requests: number;
      readonly replyTo: ActorRef<number>;
    }
  | { readonly kind: "result"; readonly key: number; readonly value: number };

export const dictionary = defineActor((_: ActorContext<DictionaryMessage>) => {
  const values = new Map<number, number>();
  let writes = 0;
  return (message) => {
    if (message.kind === "writes") {
      message.replyTo.tell(writes);
      return;
    }
    const { key } = message;
    if (message.kind === "write") {
      values.set(key, message.value);
      writes += 1;
    }
    message.from.tell({ kind: "result", key, value: values.get(key) ?? key });
  };
});

export const worker = defineActor((context: ActorContext<WorkerMessage>, number: number) => {
  const draw = randomInts(number + 1);
  let task: Extract<WorkerMessage, { kind: "start" }>;
  let left = 0;
  let writes = 0;
  const request = () => {
    const key = draw(keys);
    if (draw(100) < writePercent) {
      writes += 1;
      task.dictionary.tell({ kind: "write", key, value: key + keys * draw(1_000), from: context.self });
    } else task.dictionary.tell({ kind: "read", key, from: context.self });
  };
  return (message) => {
    if (message.kind === "start") {
      task = message;
      left = message.requests;
    } else {
      mustBe(message.value % keys, message.key, "key of a value"); // whoever wrote it last
      left -= 1;
    }
    if (left > 0) request();
    else task.replyTo.tell(writes);
  };
});

/** Actors read and write one dictionary. */
export const concurrentDictionary: Savina = {
  name: "concurrent dictionary",
  sized: "requests of each of 20 actors, 10 % of them writes",
  sizes: { full: 10_000, tenth: 1_000, tiny: 20 },
  async run(place, requests) {
    const module = import.meta.url;
    const at = await place.spawn<typeof dictionary>(0, { module, export: "dictionary" });
    const all = await Promise.all(
      Array.from({ length: workers }, (_, number) => place.spawn<typeof worker>(number, { module, export: "worker" }, number)),
    );
    const writes = await Promise.all(all.map((one) => one.ask({ kind: "start", dictionary: at, requests }, patience)));
    mustBe(
      await at.ask({ kind: "writes" }, patience),
      writes.reduce((sum, count) => sum + count, 0),
      "writes of the dictionary",
    );
    return 2 * workers * requests;
  },
};
