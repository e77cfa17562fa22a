import type { Row } from "../benchmarks/durable-peers/rows.js";
import { LatencyHistogram, type Quantile } from "../harness/latency-histogram.js";
import { count } from "../report/quantities.js";
import { type Finding, type Goal, medianFinding, plainFinding, ratioFinding } from "./goal.js";
import type { Figures, KeyedSample } from "./throughput-findings.js";

export const STENCIL = "stencil-100";
/** A tree of a hundred children, as a flow must be one. */
export const FAN_IN = "fan-in-101";
/** Steps one after the other. */
export const STEPS_40 = "chain-40";
export const RUNS_IN_FLIGHT = [1, 100, 1_000] as const;
/** With so many the goals are judged. */
export const IN_FLIGHT_MAX = 1_000;
/** Runs that a process leaves unfinished for another one. */
export const RESUMED = 10_000;

const COMMAND = "npm run goals -- durable";
const PEER_FACTOR = 100;
/** Of what the same engine does without a store. */
const MEMORY_SHARE = 0.6;

export const rateKey = (row: Pick<Row, "title">, workload: string, inFlight: number) => `${row.title} ${workload} ${inFlight}`;
export const hopKey = (row: Pick<Row, "title">) => `${row.title} hops`;
export const memoryKey = (workload: string) => `memory ${workload}`;
export const resumptionKey = (store: string) => `resumption ${store}`;

interface Context {
  /** Those that were measured. */
  readonly rows: readonly Row[];
  readonly seed: number;
  /** Runs that were left unfinished. */
  readonly resumed: number;
}

/** First what is judged, then what it costs, then every rate, hop and resumption. */
export function durableFindings(figures: Figures, samples: readonly KeyedSample[], context: Context): Finding[] {
  return [
    ...peerFindings(figures, context),
    ...memoryFindings(figures, context),
    ...rateFindings(figures, context),
    ...context.rows.flatMap((row) => hopFindings(row, samples)),
    ...resumptionFindings(figures, context),
  ];
}

/** Ours at the levels that goals are set for, each against those that keep as much. */
function peerFindings(figures: Figures, { rows, seed }: Context): Finding[] {
  const ours = rows.filter(
    (row) => isOurs(row) && row.commit === "strict" && row.durability === (row.store === "lmdb" ? "disk" : "process"),
  );
  return ours.flatMap((row) =>
    rows
      .filter((peer) => !isOurs(peer) && peer.durability === row.durability && peer.contender !== "bullmq-jobs")
      .map((peer) => {
        const workload = peer.contender === "bullmq-flow" ? FAN_IN : STENCIL;
        const rates = (of: Row) => figures.of(rateKey(of, workload, IN_FLIGHT_MAX), "tasksPerSecond");
        return ratioFinding(goal(`${workload}: ${row.title} ÷ ${peer.title}`, "×", PEER_FACTOR), rates(row), rates(peer), seed);
      }),
  );
}

function memoryFindings(figures: Figures, { rows, seed }: Context): Finding[] {
  const inMemory = figures.of(memoryKey(STENCIL), "tasksPerSecond");
  return rows.filter(isOurs).map((row) => {
    const kept = figures.of(rateKey(row, STENCIL, IN_FLIGHT_MAX), "tasksPerSecond");
    const limit = row.commit === "pipelined" ? MEMORY_SHARE : undefined;
    return ratioFinding(goal(`${STENCIL}: ${row.title} ÷ memory`, "×", limit), kept, inMemory, seed);
  });
}

function rateFindings(figures: Figures, { rows, seed }: Context): Finding[] {
  return [STENCIL, FAN_IN, STEPS_40].flatMap((workload) =>
    RUNS_IN_FLIGHT.flatMap((inFlight) =>
      rows.flatMap((row) => {
        const rates = figures.of(rateKey(row, workload, inFlight), "tasksPerSecond");
        const name = `${workload}, ${count(inFlight)} in flight: ${row.title}, tasks`;
        return rates.length === 0 ? [] : [medianFinding(goal(name, "/s"), rates, seed)];
      }),
    ),
  );
}

function hopFindings(row: Row, samples: readonly KeyedSample[]): Finding[] {
  const encoded = samples.filter(({ key }) => key === hopKey(row)).map(({ hops }) => String(hops));
  const hops = LatencyHistogram.merged(encoded);
  return ([0.5, 0.99] as const).map((quantile: Quantile) => {
    const found = hops.quantileUs(quantile);
    const wanted = goal(`hop, one run in flight, P${quantile * 100} of ${count(hops.count)}: ${row.title}`, "µs");
    return found === undefined ? wanted : plainFinding(wanted, found);
  });
}

function resumptionFindings(figures: Figures, { rows, seed, resumed }: Context): Finding[] {
  const stores = [...new Set(rows.filter(isOurs).map(({ store }) => store))];
  return stores.flatMap((store) => {
    const name = `${count(resumed)} unfinished runs of a killed process, ${store}`;
    return [
      medianFinding(goal(`${name}: until start() resolves`, "ms"), figures.of(resumptionKey(store), "startMs"), seed),
      medianFinding(goal(`${name}: until the last has ended`, "ms"), figures.of(resumptionKey(store), "doneMs"), seed),
    ];
  });
}

const isOurs = ({ contender }: Row) => contender === "dataflower";

function goal(name: string, unit: Goal["unit"], limit?: number): Goal {
  return { name, unit, command: COMMAND, ...(limit === undefined ? {} : { limit }) };
}
