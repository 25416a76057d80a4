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

/** Connects `count` pairs, one after another, from this index on. */
export async function openPairs(open: OpenChatSystem, count: number, first = 0): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index < count; index++) pairs.push(await open.openPair(first + index));
  return pairs;
}

let count = 0;

/** Different for every message of the run: it becomes the client's id. */
export function nextCount(): number {
  count += 1;
  return count;
}

const giveUpAfterMs = 10_000;

/**
 * Sends, and says whether the message has arrived. One that has not after 10 s is lost for whoever
 * waits at the socket: a client would fetch it, which the bench's clients do not.
 */
export async function arrives(pair: Pair, count: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), giveUpAfterMs);
  });
  const isThere = await Promise.race([pair.send(count).then(() => true), late]);
  clearTimeout(timer);
  return isThere;
}

export function textOf(count: number): string {
  return `message ${count} of a length that people write in a chat`;
}
