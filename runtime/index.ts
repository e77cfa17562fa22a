/** Everything a user may rely on, in reading order. */
export { catalogue as errorCatalogue, DataFlowerError, type ErrorCode } from "../actors/kernel/errors.js";
export type { Data } from "./authoring/data.js";
export type { Flow } from "./authoring/flow.js";
export type { Given, Resolved } from "./authoring/given.js";
export type { Duration, Size } from "./authoring/quantity.js";
export { type ReadOptions, readWorkflow } from "./authoring/read-workflow.js";
export type { Ref, RefTo } from "./authoring/ref.js";
export type { Schema } from "./authoring/schema.js";
export type { Handler, TaskContext, TaskLog } from "./authoring/task-context.js";
export type { Retry, TaskOptions } from "./authoring/task-options.js";
export { type Workflow, type WorkflowOptions, workflow } from "./authoring/workflow.js";
export { DataFlower } from "./engine/dataflower.js";
export type { Engine, SubmitAllOptions, SubmitOptions } from "./engine/engine.js";
export type { EngineLimits, EngineOptions } from "./engine/options.js";
export type { Run, RunStatus, RunSummary } from "./engine/run.js";
export type { Settled } from "./engine/submit-all.js";
export type { Latency, LatencyKind } from "./observe/latency.js";
export type { TaskRecord } from "./observe/task-record.js";
