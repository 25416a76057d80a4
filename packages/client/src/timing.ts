/** Every time that the client waits for something. */
export type Timing = {
  /** How often an idle connection is asked for a sign of life. */
  readonly pulseEveryMs: number;
  /** A connection that is silent for so long after a pulse is dead. */
  readonly answerWithinMs: number;
  readonly connectWithinMs: number;
  /** The wait before the first reconnect; doubled for each further one. */
  readonly reconnectBaseMs: number;
  /** However long a server was away, so soon after its return everybody begins another try. */
  readonly reconnectMaxMs: number;
  /** A message without an Ack is sent again after this time, with the same client id. */
  readonly resendAfterMs: number;
  /** A message without an Ack fails after this time. */
  readonly sendWithinMs: number;
  /** How long a message waits for those before it, which may only be late, before they are fetched. */
  readonly gapWaitMs: number;
  /** Pushes may be lost: after so long without one the session list tells. */
  readonly silenceMs: number;
  /** And after so long with pushes, for what is lost may be another session's last message. */
  readonly listEveryMs: number;
  readonly requestTimeoutMs: number;
};

export const defaultTiming: Timing = {
  pulseEveryMs: 30_000,
  answerWithinMs: 10_000,
  connectWithinMs: 10_000,
  reconnectBaseMs: 500,
  reconnectMaxMs: 7_000,
  resendAfterMs: 5_000,
  sendWithinMs: 60_000,
  gapWaitMs: 300,
  silenceMs: 30_000,
  listEveryMs: 120_000,
  requestTimeoutMs: 15_000,
};
