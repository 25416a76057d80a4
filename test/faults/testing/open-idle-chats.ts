import { type Chat, openChat } from "@resonance/client";
import { eventually } from "@resonance/testkit";

/** Clients that only stay connected, as browsers in the background do, with the usual times. */
export type IdleChats = AsyncDisposable & {
  readonly online: number;
  /** How often one came online. */
  readonly connects: number;
};

/** Opens so many chats of these people in turn. Resolves when all are online. */
export async function openIdleChats(options: {
  readonly url: string;
  readonly people: readonly { readonly username: string; readonly token: string }[];
  readonly count: number;
}): Promise<IdleChats> {
  const { url: baseUrl, people, count } = options;
  const closing = new AbortController();
  const online = new Set<number>();
  let connects = 0;
  const chats: Chat[] = [];
  for (let index = 0; index < count; index++) {
    const person = people[index % people.length];
    if (!person) throw new Error("there is nobody to be idle");
    const onState = (state: string) => {
      if (state !== "online") online.delete(index);
      else {
        online.add(index);
        connects += 1;
      }
    };
    chats.push(openChat({ baseUrl, ...person, onState }, closing.signal));
    // A crowd that comes at once is another test.
    if (index % 50 === 49) await eventually(() => online.size > index - 25, { timeoutMs: 30_000 });
  }
  await eventually(() => online.size === count, { timeoutMs: 60_000 });
  return {
    get online() {
      return online.size;
    },
    get connects() {
      return connects;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all(chats.map((chat) => chat.close()));
    },
  };
}
