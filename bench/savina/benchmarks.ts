import { banking } from "./benchmarks/banking.js";
import { bigBenchmark } from "./benchmarks/big.js";
import { boundedBuffer } from "./benchmarks/bounded-buffer.js";
import { chameneos } from "./benchmarks/chameneos.js";
import { concurrentDictionary } from "./benchmarks/concurrent-dictionary.js";
import { counting } from "./benchmarks/counting.js";
import { fibonacciBenchmark } from "./benchmarks/fibonacci.js";
import { forkJoinCreate } from "./benchmarks/fork-join-create.js";
import { forkJoinThroughput } from "./benchmarks/fork-join-throughput.js";
import { logisticMap } from "./benchmarks/logistic-map.js";
import { matrixMultiplication } from "./benchmarks/matrix-multiplication.js";
import { nQueens } from "./benchmarks/n-queens.js";
import { diningPhilosophers } from "./benchmarks/philosophers.js";
import { pingPong } from "./benchmarks/ping-pong.js";
import { radixSort } from "./benchmarks/radix-sort.js";
import { shortestPaths } from "./benchmarks/shortest-paths.js";
import { sieve } from "./benchmarks/sieve.js";
import { sleepingBarber } from "./benchmarks/sleeping-barber.js";
import { cigaretteSmokers } from "./benchmarks/smokers.js";
import { threadRing } from "./benchmarks/thread-ring.js";
import { trapezoid } from "./benchmarks/trapezoid.js";
import type { Savina } from "./savina.js";

/** In the order of the suite: messages alone, then contention, then work in parallel. */
export const savinaBenchmarks: readonly Savina[] = [
  pingPong,
  counting,
  forkJoinThroughput,
  forkJoinCreate,
  threadRing,
  chameneos,
  bigBenchmark,
  concurrentDictionary,
  boundedBuffer,
  diningPhilosophers,
  sleepingBarber,
  cigaretteSmokers,
  logisticMap,
  banking,
  radixSort,
  sieve,
  nQueens,
  matrixMultiplication,
  shortestPaths,
  trapezoid,
  fibonacciBenchmark,
];
