import type { Claim } from "../../report/pages/report.js";
import type { Summary } from "../summary.js";
import { assessed, type ClaimDefinition } from "./claim.js";
import { costClaim } from "./cost-claim.js";
import { latencyClaim } from "./latency-claim.js";
import { peakClaim, tailClaim } from "./paper-claims.js";
import { scalingClaim } from "./scaling-claim.js";
import { speedClaim } from "./speed-claim.js";
import { successClaim } from "./success-claim.js";

/** The five findings of the mission; then, kept apart, two of the DataFlower paper. */
export const claims: readonly ClaimDefinition[] = [speedClaim, scalingClaim, successClaim, costClaim, latencyClaim, tailClaim, peakClaim];

export function assessAll(summaries: readonly Summary[]): Claim[] {
  return claims.map((claim) => assessed(claim, summaries));
}
