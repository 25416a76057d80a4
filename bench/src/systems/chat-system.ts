/** Something that people chat over, measured from socket to socket. */
export type ChatSystem = {
  readonly name: string;
  open(signal: AbortSignal): Promise<OpenChatSystem>;
};

export type OpenChatSystem = AsyncDisposable & {
  /** Connects person `p<index>` and the partner `q<index>` of their one-to-one session. */
  openPair(index: number): Promise<Pair>;
};

export type Pair = {
  /**
   * Sends message `count` from one to the other. Resolves when the partner's socket has it, and the
   * sender's socket the Ack where the system gives one.
   */
  send(count: number): Promise<void>;
  close(): void;
};

export function textOf(count: number): string {
  return `message ${count} of a length that people write in a chat`;
}
