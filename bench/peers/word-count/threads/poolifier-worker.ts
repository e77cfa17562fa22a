import { ThreadWorker } from "poolifier";
import { type Counts, countFile } from "../../../workloads/word-count.js";

/** What the threads of poolifier load. It hands `undefined` to a function that was sent nothing; here something always is. */
export default new ThreadWorker<{ file: string }, Counts>({ countFile: (task) => countFile(task ?? { file: "" }) });
