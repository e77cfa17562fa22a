import { createActorSystem } from "dataflower/actors";
import { answerer } from "../../workloads/actors/answerer.js";
import type { AskContender } from "./contender.js";

export const contender: AskContender = {
  name: "ask, same thread",
  async open() {
    const system = await createActorSystem();
    const ref = system.spawn(answerer);
    return { ask: (question) => ref.ask({ question }), close: () => system.close() };
  },
};
