/** What the threads of piscina and tinypool load: a file whose exports are the functions that a message may call. */
export { step, stepAsync } from "../../../workloads/task-graph.js";
