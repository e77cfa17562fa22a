import workerpool from "workerpool";
import { countFile } from "../../../workloads/word-count.js";

/** What the threads of workerpool load. */
workerpool.worker({ countFile });
