/** A thread that starts one attempt after another, each named by one number throughout, until it is terminated. */
import { workerData } from "node:worker_threads";
import { InHand, positionsMax } from "./in-hand.js";

const record = new InHand(workerData as SharedArrayBuffer, 0);
const positions = new Int32Array(positionsMax);

for (let value = 1; ; value = (value + 1) & 0xffffff) {
  if (value % 3 === 0) {
    record.beginAt(value, value, value, value);
    continue;
  }
  positions.fill(value);
  record.begin(value, value, value, positions, positionsMax);
}
