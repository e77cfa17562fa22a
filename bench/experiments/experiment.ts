import type { z } from "zod";
import type { Unit } from "../harness/fresh-process.js";
import type { Pace } from "../harness/pace.js";
import type { Estimate } from "../harness/statistics.js";
import type { Picture } from "../report/plots/picture.js";
import type { Measured, Sample } from "./sample.js";
import type { Comparison, Labels, Summary } from "./summary.js";

export const categories = ["performance", "scalability", "fault_tolerance", "comparison"] as const;
export type Category = (typeof categories)[number];

export const profiles = ["quick", "full"] as const;
export type Profile = (typeof profiles)[number];

/** One thing that is measured: a contender at a size, say. Everything in it but `key` and `labels` is the experiment's own, and JSON. */
export interface Variant {
  /** Names it among the variants of its experiment. */
  readonly key: string;
  readonly labels: Labels;
}

/** What is the same for all experiments of a run. */
export interface ExperimentContext {
  readonly profile: Profile;
  /** How long a process warms up and is measured. */
  readonly pace: ExperimentPace;
  readonly cores: number;
  readonly packageRoot: string;
  /** Folder of the third-party data; undefined where it is missing. */
  readonly sharedData: string | undefined;
}

export interface ExperimentPace extends Pace {
  /** How long a load is offered, in ms. */
  readonly openLoopMs: number;
}

export interface MeasureContext extends ExperimentContext {
  readonly round: number;
  /** Of this experiment, variant and round: the same in every run with the same seed. */
  readonly seed: number;
  /** Aborts when the run is interrupted. */
  readonly signal: AbortSignal;
  /** Measures a unit of the harness in a process of its own: a line each of its workloads. Rejects when an answer is wrong. */
  unit(unit: Unit): Promise<object[]>;
  /**
   * Calls a function that a module exports, in a process of its own, with something that is JSON.
   *
   * @param module its address, such as `new URL("./recovery.js", import.meta.url)`
   * @returns what it returns, as JSON. Rejects with what it has thrown
   */
  call(module: URL, name: string, argument: object): Promise<unknown>;
}

/**
 * One question, how it is measured, and how its answer is drawn. To add one, put a file with one into the folder of its category (the
 * default export), and an entry of its name into the category of `configs/experiment_config.yaml`.
 *
 * @typeParam Shape what its entry in the configuration holds, as zod describes it
 */
export interface Experiment<Shape extends z.ZodRawShape, Own extends Variant> {
  /** Of its file, its entry in the configuration and its folder of results: in snake_case. */
  readonly name: string;
  readonly category: Category;
  /** What it answers, as the title of its pictures asks it. */
  readonly question: string;
  /** Keys of its entry in the configuration. `rounds` and `quick` are everybody's. */
  readonly config: Shape;
  /** Everything that is measured, once a round, in an order of its own each round. */
  variants(config: z.output<z.ZodObject<Shape>>, context: ExperimentContext): readonly Own[];
  /** Measures one variant once. Rejects when an answer is wrong; with Absent where this machine lacks what it takes. */
  measure(variant: Own, context: MeasureContext): Promise<Measured>;
  /** What is wrong with all samples together, such as something that was lost: a sentence each. @defaultValue nothing */
  check?(samples: readonly Sample[]): readonly string[];
  /** Which variants are held against each other, round by round. @defaultValue none */
  comparisons?(variants: readonly Own[]): readonly Comparison[];
  /** Figures of all variants together, such as the parameters of a fit. @defaultValue none */
  derive?(samples: readonly Sample[], variants: readonly Own[], seed: number): Readonly<Record<string, Estimate>>;
  /** What was found, in one line with its numbers. */
  headline(summary: Summary): string;
  /** Its pictures, of the summary; of the samples what only they hold, such as each task of a run. The first one stands for it. */
  figure(summary: Summary, samples: readonly Sample[]): readonly Picture[];
}

/** Any experiment, as who runs it sees it: it hands each its own configuration and variants. */
export type AnyExperiment = Experiment<z.ZodRawShape, Variant>;

/** Says what an experiment is, with its types checked. */
export function experiment<Shape extends z.ZodRawShape, Own extends Variant>(definition: Experiment<Shape, Own>): Experiment<Shape, Own> {
  return definition;
}

/** Thrown by measure() where this machine lacks what a variant takes: it is reported as absent, and the others are measured. */
export class Absent extends Error {
  override readonly name = "Absent";
}
