import { EventEmitter } from "node:events";
import type { AskContender } from "./contender.js";

/** Two events on one thread: no mailbox, no copy, no deadline. */
export const contender: AskContender = {
  name: "EventEmitter, same thread",
  async open() {
    const emitter = new EventEmitter();
    emitter.on("question", (question: number, answer: (value: number) => void) => answer(question + 1));
    return {
      ask: (question) => new Promise((resolve) => emitter.emit("question", question, resolve)),
      close: async () => void emitter.removeAllListeners(),
    };
  },
};
