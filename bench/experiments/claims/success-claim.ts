import { closedForm } from "../../workloads/coins.js";
import type { ShareSummary } from "../summary.js";
import { type Assessment, atLeast, type ClaimDefinition } from "./claim.js";

const SUCCESS_MIN = 0.95;
const FAILURE_SHARE = 0.2;
const SHARE = `completedAt${FAILURE_SHARE}`;
/** What a task has unless it says otherwise, and the size that the verdict needs beside smaller ones. */
const DEFAULT_ATTEMPTS = 3;
const TASKS_NEEDED = 100;

export const successClaim: ClaimDefinition = {
  name: "success-under-failures",
  statement: "at least 95 % of runs complete when 20 % of task attempts fail",
  source: "the research system that this one re-creates",
  category: "fault_tolerance",
  experiment: "task_failures",
  assess({ variants }) {
    const cells = variants.flatMap(({ labels, shares }) =>
      shares[SHARE] ? [{ tasks: Number(labels.tasks), attempts: Number(labels.attempts), completed: shares[SHARE] }] : [],
    );
    const byDefault = cells.filter(({ attempts }) => attempts === DEFAULT_ATTEMPTS);
    const told = byDefault.find(({ tasks }) => tasks === TASKS_NEEDED);
    if (told === undefined) return undefined;
    const enough = cells.filter(({ completed }) => atLeast(completed, SUCCESS_MIN) === "holds");
    return {
      figure: `${percent(told.completed.median)} of runs of ${TASKS_NEEDED} tasks with ${DEFAULT_ATTEMPTS} attempts each`,
      interval: intervalOf(told.completed),
      verdict: verdictOf(byDefault, enough.length),
      note: `it is (1 − p^a)^N, ${percent(closedForm({ ...told, failureShare: FAILURE_SHARE }))} here, so it depends on attempts and size: it holds for ${enough.length === 0 ? "none" : enough.map(({ tasks, attempts }) => `${tasks} tasks with ${attempts} attempts`).join(", ")} of ${cells.length} kinds`,
    };
  },
};

/** By default for every size, for some kinds of runs, or for none. */
function verdictOf(byDefault: readonly { readonly completed: ShareSummary }[], kindsThatHold: number): Assessment["verdict"] {
  if (byDefault.every(({ completed }) => atLeast(completed, SUCCESS_MIN) === "holds")) return "holds";
  return kindsThatHold > 0 ? "partly" : "does not hold";
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const intervalOf = ({ low, high }: ShareSummary) => `${percent(low)} to ${percent(high)}`;
