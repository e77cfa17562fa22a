import { type EchoRate, openEcho } from "../../peers/echo/echo.js";

/** The `postMessage` echo after a warm-up; no graph. Durations in ms. */
export interface EchoParameters {
  readonly measure: "echo";
  /** Messages on their way at any moment. */
  readonly inFlight: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

export async function measureEcho({ inFlight, warmupMs, measureMs }: EchoParameters): Promise<EchoRate> {
  const echo = await openEcho();
  await echo.measure({ inFlight, durationMs: warmupMs });
  const rate = await echo.measure({ inFlight, durationMs: measureMs });
  await echo.close();
  return rate;
}
