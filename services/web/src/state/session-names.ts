import { parseUsername, singleSessionId } from "@resonance/mq-proto";
import type { Texts } from "../texts/texts.ts";
import type { SessionState } from "./chat-state.ts";

/** The name under which the assistant speaks. */
export const opsBot = "ops-bot";

/** The id of the user's session with the assistant, which is there from the start. */
export function opsBotSessionId(username: string): string {
  return singleSessionId(parseUsername(username), parseUsername(opsBot));
}

/** Who the other one is in a one-to-one session. */
export function peerOf(sessionId: string, username: string): string | undefined {
  const prefix = "single:";
  if (!sessionId.startsWith(prefix)) return undefined;
  const names = sessionId.slice(prefix.length);
  // Names that were registered elsewhere may hold a colon, so the own name is cut off instead.
  if (names.startsWith(`${username}:`)) return names.slice(username.length + 1);
  if (names.endsWith(`:${username}`)) return names.slice(0, -username.length - 1);
  return undefined;
}

/** What a session is called on screen. */
export function sessionTitle(
  session: Pick<SessionState, "id" | "name">,
  username: string,
  texts: Texts,
): string {
  const peer = peerOf(session.id, username);
  if (peer === opsBot) return texts.session.opsBot;
  return session.name || peer || texts.session.group;
}

/** What the sender of a message is called on screen. */
export function senderName(
  sender: string,
  session: Pick<SessionState, "id" | "name">,
  username: string,
  texts: Texts,
): string {
  if (sender === username) return texts.session.you;
  if (sender === opsBot) return texts.session.opsBot;
  if (sender === peerOf(session.id, username)) return session.name || sender;
  return sender;
}

/** What somebody who can be chosen is called on screen. */
export function personName(
  { username, nickname }: { readonly username: string; readonly nickname: string },
  texts: Texts,
): string {
  return username === opsBot ? texts.session.opsBot : nickname || username;
}

/** The assistant first, then by the time of the last message. */
export function sortSessions(
  sessions: Iterable<SessionState>,
  username: string,
): readonly SessionState[] {
  const rank = ({ id }: SessionState) => (peerOf(id, username) === opsBot ? 0 : 1);
  const time = ({ lastMessage }: SessionState) => Number(lastMessage?.timestamp ?? 0n);
  return [...sessions].sort(
    (a, b) => rank(a) - rank(b) || time(b) - time(a) || a.id.localeCompare(b.id),
  );
}
