/** What every experiment must hold, as the program finds them: compiled. */
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { svgOf } from "../report/plots/svg.js";
import { sharedDataOf } from "../workloads/recorded-traces.js";
import { type ExperimentConfig, readConfig } from "./config.js";
import { type AnyExperiment, categories, type ExperimentContext, profiles } from "./experiment.js";
import { outcomeOf } from "./outcome.js";
import { type PlannedExperiment, planOf } from "./plan.js";
import { findExperiments } from "./registry.js";
import type { Sample } from "./sample.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const shipped = `${root}configs/experiment_config.yaml`;
const experiments = await findExperiments(`${root}dist/bench/experiments/`);
const SEED = 1;
/** `npm start` measures all of them in under two minutes. */
const QUICK_STEPS_MAX = 30;

let config: ExperimentConfig;
beforeAll(() => {
  config = readConfig(shipped, experiments);
});

test("every category has experiments, and no two have one name", () => {
  expect(new Set(experiments.map(({ category }) => category))).toEqual(new Set(categories));
  expect(new Set(experiments.map(({ name }) => name)).size).toBe(experiments.length);
});

const context = (profile: ExperimentContext["profile"]): ExperimentContext => ({
  profile,
  pace: { warmupMs: 1, measureMs: 1, openLoopMs: 1 },
  cores: 2,
  packageRoot: root,
  sharedData: sharedDataOf(root),
});

const planned = (one: AnyExperiment, profile: ExperimentContext["profile"]): PlannedExperiment => {
  const plan = planOf(one, { config, context: context(profile), seed: SEED });
  if (plan === undefined) throw new Error(`the shipped configuration has no entry for ${one.name}`);
  return plan;
};

describe.each(experiments.map((one) => [`${one.category}/${one.name}`, one] as const))("%s", (_, one) => {
  test.each(profiles)("is in the shipped configuration, and its plan for the %s profile is the same each time", (profile) => {
    const plan = planned(one, profile);
    expect(plan.steps.length).toBe(plan.rounds * plan.variants.length);
    expect(JSON.stringify(planned(one, profile).steps)).toBe(JSON.stringify(plan.steps));
    expect(JSON.parse(JSON.stringify(plan.variants))).toEqual(plan.variants);
  });

  test("is not measured twice with the same value of any list", () => {
    const entry = config.entryOf(one, "full")!.own;
    const own = z.strictObject(one.config);
    expect(own.safeParse(entry).success).toBe(true);
    for (const [key, value] of Object.entries(entry)) {
      if (!Array.isArray(value)) continue;
      const { error } = own.safeParse({ ...entry, [key]: [...value, value[0]] });
      expect(error?.issues).toMatchObject([{ path: [key, value.length], message: expect.stringMatching(/^Found twice: /) }]);
    }
  });

  test("is short in the quick profile", () => expect(planned(one, "quick").steps.length).toBeLessThanOrEqual(QUICK_STEPS_MAX));

  test("asks a question", () => {
    expect(one.question).toMatch(/^[A-Z].*\?$/);
    expect(one.name).toMatch(/^[a-z_]+$/);
  });

  test("says so where nothing was measured, or only that something is absent", () => {
    const plan = planned(one, "full");
    for (const samples of [
      [],
      plan.variants.map(({ key }): Sample => ({ variant: key, round: 0, stealShare: 0, repeats: 0, absent: "no server" })),
    ]) {
      const { summary, pictures } = outcomeOf(plan, samples, { profile: "full", seed: SEED, command: "c" });
      expect(summary.isPartial).toBe(plan.steps.length > samples.length);
      expect(summary.headline).toMatch(/\S/);
      expect(summary.headline).not.toMatch(/NaN|undefined|Infinity/);
      for (const picture of pictures) expect(svgOf(picture)).toMatch(/^<svg/);
    }
  });
});
