import workerpool from "workerpool";
import { step, stepAsync } from "../../../workloads/task-graph.js";

/** What the threads of workerpool load. */
workerpool.worker({ step, stepAsync });
