import { arrives, nextCount, type OpenChatSystem, openPairs } from "../systems/chat-system.ts";

const pairs = 50;
const firstPair = 900;
const forMs = 6_000;

/**
 * Has other people chat for some seconds first: what is measured is a server that has been running,
 * not its compiler. Every contestant gets the same.
 */
export async function warmUp(open: OpenChatSystem): Promise<void> {
  const all = await openPairs(open, pairs, firstPair);
  const endsAtMs = performance.now() + forMs;
  await Promise.all(
    all.map(async (pair) => {
      while (performance.now() < endsAtMs) await arrives(pair, nextCount());
    }),
  );
  for (const pair of all) pair.close();
}
