/** What a client may take of a server. Whoever goes beyond is disconnected. */
export interface RequestLimits {
  /** Bytes of a request's first line and headers. @defaultValue 8 KiB */
  readonly headerBytesMax: number;
  /** Until all headers are there, in ms. @defaultValue 5 s */
  readonly headersMsMax: number;
  /** Until the whole request is there, in ms. @defaultValue 10 s */
  readonly requestMsMax: number;
  /** Until an answer has been taken whole, in ms. @defaultValue 10 s */
  readonly responseMsMax: number;
  /** Between two requests of a connection, in ms. @defaultValue 5 s */
  readonly keepAliveMsMax: number;
  /** At a time; others are closed as they come. @defaultValue 64 */
  readonly connectionsMax: number;
  /** Of one connection. @defaultValue 1,000 */
  readonly requestsPerConnectionMax: number;
}

export const requestLimits: RequestLimits = Object.freeze({
  headerBytesMax: 8_192,
  headersMsMax: 5_000,
  requestMsMax: 10_000,
  responseMsMax: 10_000,
  keepAliveMsMax: 5_000,
  connectionsMax: 64,
  requestsPerConnectionMax: 1_000,
});
