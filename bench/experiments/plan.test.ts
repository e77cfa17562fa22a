import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigError, type ExperimentConfig } from "./config.js";
import recovery from "./fault_tolerance/recovery.js";
import { testContext } from "./outcome.fixture.js";
import { planOf } from "./plan.js";

const config = (own: object): ExperimentConfig => ({
  seed: 1,
  profiles: {} as ExperimentConfig["profiles"], // as: the entry says all that is planned with
  metricsPort: 0,
  entryOf: () => ({ rounds: 1, own: z.strictObject(recovery.config).parse(own) }),
});
const entry = { systems: ["scratch"], kernel_repeats: 1, checkpoint_intervals: [1], bullmq_lock_ms: 100 };
const plan = (own: object) => planOf(recovery as never, { config: config({ ...entry, ...own }), context: testContext, seed: 1 }); // as: any experiment

test("values that come to the same variant are a mistake of the configuration", () => {
  expect(plan({ steps: 10, killed_at: [0.1, 0.5] })?.variants).toHaveLength(2);
  expect(() => plan({ steps: 2, killed_at: [0.1, 0.5] })).toThrow(ConfigError);
  expect(() => plan({ steps: 2, killed_at: [0.1, 0.5] })).toThrow(
    "Cannot plan fault_tolerance.recovery as no two of its values may be measured as the same variant: found scratch, every 1, 1 of 2 twice",
  );
});
