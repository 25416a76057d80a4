/** One way to store messages, measured against the others in the same run. */
export type Contestant = {
  readonly name: string;
  open(signal: AbortSignal): Promise<Sender>;
};

export type Sender = AsyncDisposable & {
  /** Resolves when the message is durable. `count` is different for every message. */
  send(message: { sessionId: string; sender: string; count: number }): Promise<void>;
};
