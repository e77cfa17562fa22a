import { createActorSystem } from "dataflower/actors";
import { type answerer, answererSource } from "../../workloads/actors/answerer.js";
import type { AskContender } from "./contender.js";

export const contender: AskContender = {
  name: "ask, a worker",
  async open() {
    const system = await createActorSystem({ workers: 1 });
    const ref = await system.spawnOn<typeof answerer>(0, answererSource);
    return { ask: (question) => ref.ask({ question }), close: () => system.close() };
  },
};
