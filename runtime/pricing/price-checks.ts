import type { FunctionPrices, WorkerPrices } from "../../schedulers/cost/prices.js";
import type { Members } from "./members.js";

/** Any price, at most, in US dollars. */
const usdMax = 1_000_000;
/** Largest memory size, in MB: a TB. */
export const memoryMbMax = 2 ** 20;
/** Memory sizes to choose from, at most: each is looked at. */
const sizesMax = 20_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const prices = { min: 0, max: usdMax };
const sizes = { min: 1, max: memoryMbMax };

/** @throws DF_OPTION_INVALID for what is missing, negative, no number or of another name */
export function checkedFunctionPrices(given: Members): FunctionPrices {
  given.allow(["usdPerGbSecond", "usdPerMillionRequests", "roundingMs", "memoryMb", "coreMb", "durationMsMax"]);
  return {
    usdPerGbSecond: given.number("usdPerGbSecond", prices),
    usdPerMillionRequests: given.number("usdPerMillionRequests", prices),
    roundingMs: given.integer("roundingMs", { min: 1, max: hourMs }),
    memoryMb: checkedSizes(given.members("memoryMb")),
    coreMb: given.integer("coreMb", sizes),
    durationMsMax: given.integer("durationMsMax", { min: 1, max: dayMs }),
  };
}

function checkedSizes(given: Members): FunctionPrices["memoryMb"] {
  given.allow(["min", "max", "step"]);
  const min = given.integer("min", sizes);
  const max = given.integer("max", { min, max: memoryMbMax });
  const stepMin = Math.max(1, Math.ceil((max - min) / sizesMax));
  return { min, max, step: given.integer("step", { min: stepMin, max: memoryMbMax }) };
}

/** @throws DF_OPTION_INVALID as checkedFunctionPrices() */
export function checkedWorkerPrices(given: Members): WorkerPrices {
  given.allow(["usdPerCoreHour", "usdPerGbHour"]);
  return { usdPerCoreHour: given.number("usdPerCoreHour", prices), usdPerGbHour: given.number("usdPerGbHour", prices) };
}
