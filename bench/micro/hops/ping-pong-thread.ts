import { parentPort, workerData } from "node:worker_threads";
import { openRegions } from "../../../runtime/memory/regions.js";
import { answerTo, type Ball, Balls } from "./balls.js";
import { PARTNER, type PartnerData, STARTER } from "./pair.js";
import { Side } from "./side.js";

/** The thread that ping-pong.ts plays with: its actor answers every ball. */
const { buffer, plan, link, spinUs } = workerData as PartnerData; // set by openPair()
const regions = openRegions(buffer, plan);
const balls = new Balls(regions, PARTNER, STARTER);
const side = new Side({ regions, me: PARTNER, link, spinUs, drain: () => balls.drain((ball) => pong.tell(ball)) });
const pong = side.spawn<Ball>("pong", ({ number }) => {
  balls.send(answerTo(number));
  side.bells.ring(STARTER);
});
side.begin();
parentPort?.on("message", () => {}); // holds the thread while its loop sleeps
parentPort?.postMessage("ready");
