import workerpool from "workerpool";
import { step, stepAsync } from "../../../workloads/task-graph.js";

/** What the threads of workerpool-task.ts load. */
workerpool.worker({ step, stepAsync });
