import { ThreadWorker } from "poolifier";
import { type Output, step, stepAsync } from "../../../workloads/task-graph.js";

type Inputs = readonly Output[];

/** What the threads of poolifier load. poolifier hands `undefined` to a function that was sent nothing; here something always is. It awaits
 * only functions that are written with `async`. */
export default new ThreadWorker<Inputs, Output>({
  step: (inputs?: Inputs) => step(inputs ?? []),
  stepAsync: async (inputs?: Inputs) => stepAsync(inputs ?? []),
});
