import type { Presence, Typing } from "@resonance/mq-proto/gateway";
import type { ChatState } from "./chat-state.ts";
import { peerOf } from "./session-names.ts";

/** Nothing says when somebody stops writing. */
const writingForMs = 6_000;

/** Notes that somebody else writes in a session. */
export function applyTyping(state: ChatState, typing: Typing, nowMs: number): ChatState {
  const { sessionId, fromUsername: from } = typing;
  if (from === state.username) return state;
  return {
    ...state,
    typing: new Map(state.typing).set(sessionId, { from, untilMs: nowMs + writingForMs }),
  };
}

/** Who was last heard to write in a session, or undefined when that is over. */
export function writerIn(state: ChatState, sessionId: string, nowMs: number): string | undefined {
  const writer = state.typing.get(sessionId);
  return writer && writer.untilMs > nowMs ? writer.from : undefined;
}

/** What was written has come: its writer writes no more. */
export function endTyping(state: ChatState, sessionId: string, from: string): ChatState {
  if (state.typing.get(sessionId)?.from !== from) return state;
  const typing = new Map(state.typing);
  typing.delete(sessionId);
  return { ...state, typing };
}

/** Notes that the other one of a one-to-one session came or left. */
export function applyPresence(state: ChatState, { username, online }: Presence): ChatState {
  const sessions = new Map(state.sessions);
  for (const session of state.sessions.values()) {
    if (peerOf(session.id, state.username) !== username) continue;
    sessions.set(session.id, { ...session, isPeerOnline: online });
  }
  return { ...state, sessions };
}
