import { type Chat, openChat, register, signIn } from "@resonance/client";
import { singleSessionId, type Username } from "@resonance/mq-proto";
import type { Progress, PushMessage } from "@resonance/mq-proto/gateway";
import { eventually } from "@resonance/testkit";

export type Person = AsyncDisposable & {
  readonly chat: Chat;
  readonly token: string;
  /** The one-to-one session with ops-bot. */
  readonly botSession: string;
  readonly messages: readonly PushMessage[];
  readonly progress: readonly Progress[];
  /** Sends and waits for the bot's answer to this very message. */
  ask(question: string): Promise<{ msgId: bigint; answer: PushMessage }>;
};

/** Somebody with an account and one open chat, over the browser's surface. */
export async function openPerson(
  baseUrl: string,
  account: { username: string; password?: string; isNew?: boolean; lifeMs?: number },
): Promise<Person> {
  const signal = AbortSignal.timeout(account.lifeMs ?? 120_000);
  const { username, password = "a good password" } = account;
  const enter = (account.isNew ?? true) ? register : signIn;
  const { accessToken } = await enter(baseUrl, { username, password }, signal);
  const messages: PushMessage[] = [];
  const progress: Progress[] = [];
  let isListed = false;
  const chat = openChat(
    {
      baseUrl,
      token: accessToken,
      username,
      // The stream of messages begins where the first list ends.
      onSessions: () => {
        isListed = true;
      },
      onMessage: (message) => messages.push(message),
      onProgress: (report) => progress.push(report),
    },
    signal,
  );
  await eventually(() => isListed, { timeoutMs: 10_000 });
  const botSession = singleSessionId(username as Username, "ops-bot" as Username);
  return {
    chat,
    token: accessToken,
    botSession,
    messages,
    progress,
    async ask(question) {
      const { msgId } = await chat.send({ sessionId: botSession, content: question }, signal);
      const answer = await eventually(() => answerTo(messages, msgId), { timeoutMs: 60_000 });
      return { msgId, answer };
    },
    [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose](),
  };
}

function answerTo(messages: readonly PushMessage[], msgId: bigint): PushMessage {
  const answer = messages.find((message) => message.clientMsgId === `answer:${msgId}`);
  if (!answer) throw new Error(`no answer to ${msgId} among ${messages.length} messages`);
  return answer;
}
