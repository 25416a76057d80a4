import { ClientError, createApi, openChat, signIn } from "@resonance/client";
import { parseUsername, singleSessionId } from "@resonance/mq-proto";
import { AnswerWatch } from "./answer-watch.ts";

const bot = parseUsername("ops-bot");
// A lost push shows after a silence; somebody at a terminal should not wait half a minute for it.
const silenceMs = 5_000;

/**
 * Signs in, asks ops-bot and waits for the answer to this very question.
 *
 * @returns the answer's Markdown.
 * @throws ClientError, or the signal's reason when no answer comes before it is aborted.
 */
export async function askQuestion(
  options: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    readonly question: string;
    /** What the bot is doing, in the question's language. */
    readonly onProgress: (text: string) => void;
  },
  signal: AbortSignal,
): Promise<string> {
  const { url, username, password } = options;
  const { accessToken: token } = await signIn(url, { username, password }, signal);
  const sessionId = singleSessionId(parseUsername(username), bot);
  const watch = new AnswerWatch(sessionId, bot, options.onProgress);
  const listed = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<never>();

  await using chat = openChat(
    {
      baseUrl: url,
      token,
      username,
      timing: { silenceMs },
      onMessage: (message) => watch.show(message),
      onSessions: (sessions) => {
        if (sessions.some((session) => session.sessionId === sessionId)) listed.resolve();
        else failed.reject(new ClientError("not_a_member", `${username} has no chat with ${bot}`));
      },
      onProgress: (progress) => watch.showProgress(progress),
      onReload: () => {
        showNewest().catch((error: unknown) => failed.reject(error));
      },
      onSignedOut: (error) => failed.reject(error),
    },
    signal,
  );
  // A busy session may move on faster than it is delivered: its newest page then has the answer.
  const showNewest = async () => {
    const page = await createApi(url, token).getHistoryMessages({ sessionId }, { signal });
    for (const message of page.messages) watch.show(message);
  };
  const ask = async () => {
    // The first list says where this session begins; what follows is delivered without gaps.
    await listed.promise;
    const sent = await chat.send({ sessionId, content: options.question }, signal);
    watch.asked(sent);
    return await watch.answer;
  };
  return await Promise.race([ask(), failed.promise, abortOf(signal)]);
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
