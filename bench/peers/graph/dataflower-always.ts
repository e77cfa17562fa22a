import type { Contender } from "./contender.js";
import { dataflower } from "./dataflower.js";

/** DataFlower where every output is encoded, also where nobody needs the bytes: what it is behind by is what leaving that out saves. */
export const contender: Contender = dataflower("default", { encode: "always" });
