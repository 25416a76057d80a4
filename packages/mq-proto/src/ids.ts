import { limits } from "./limits.ts";

declare const brand: unique symbol;
type Branded<Value, Name extends string> = Value & { readonly [brand]: Name };

/** 1 to 28 characters, compared byte by byte. */
export type Username = Branded<string, "Username">;
/** `0` (the room), `single:<a>:<b>` with the names in byte order, or `group:<number>`. */
export type SessionId = Branded<string, "SessionId">;
/** 1 to 64 bytes, chosen by a client, unique per sender. */
export type ClientMsgId = Branded<string, "ClientMsgId">;
/** A snowflake: unix milliseconds << 22 | worker << 12 | counter. Never gives the order. */
export type MsgId = Branded<bigint, "MsgId">;
/** Dense per session, from 1. Gives the order. */
export type SeqId = Branded<bigint, "SeqId">;

/** The session that everybody joins on registering. */
export const roomSessionId = "0" as SessionId;

/** Names that nobody can register, in any case. */
export const reservedUsernames: readonly string[] = ["ops-bot", "system"];

// Control, format, unassigned and private characters, lone surrogates, and every kind of space.
const forbiddenInName = /[:\p{C}\p{Z}]/u;
const forbiddenInClientMsgId = /\p{Cc}|\p{Cs}/u;
const utf8 = new TextEncoder();
/** Takes what is tried for its length, again and again: it is done for every message. */
const clientMsgIdBytes = new Uint8Array(limits.clientMsgIdMaxBytes);

export type NameProblem = "name_empty" | "name_too_long" | "name_has_forbidden_character";

/** What is wrong with a username, or undefined. Reserved names are well-formed. */
export function usernameProblem(value: string): NameProblem | undefined {
  if (value === "") return "name_empty";
  if ([...value].length > limits.usernameMaxCharacters) return "name_too_long";
  // Two spellings of one name that look alike must not be two names.
  if (forbiddenInName.test(value) || value.normalize("NFC") !== value) {
    return "name_has_forbidden_character";
  }
  return undefined;
}

/** Whether nobody may register this name, because the system speaks under it. */
export function isReservedUsername(value: string): boolean {
  return reservedUsernames.includes(value.normalize("NFKC").toLowerCase());
}

/** @throws TypeError naming the problem. Older names that were registered elsewhere may be longer. */
export function parseUsername(value: string): Username {
  if (!isUsername(value)) {
    throw new TypeError(`not a username: ${JSON.stringify(value.slice(0, 80))}`);
  }
  return value;
}

/** Whether somebody can have this name: it is not empty, not over-long, without a space at an end. */
export function isUsername(value: string): value is Username {
  return value !== "" && fitsSessionId(value) && value === value.trim();
}

/** Whether the text is no longer than a session id may be, in characters as the database counts. */
export function fitsSessionId(value: string): boolean {
  const { sessionIdMaxCharacters } = limits;
  return value.length <= sessionIdMaxCharacters || [...value].length <= sessionIdMaxCharacters;
}

/** @throws TypeError for an empty or over-long id, or one with a space at an end. */
export function parseSessionId(value: string): SessionId {
  // SQL compares with padding: "0 " would find the room.
  if (value === "" || !fitsSessionId(value) || value !== value.trim()) {
    throw new TypeError(`not a session id: ${JSON.stringify(value.slice(0, 80))}`);
  }
  return value as SessionId;
}

/** @throws TypeError for an id that is empty, over 64 bytes, padded or has control characters. */
export function parseClientMsgId(value: string): ClientMsgId {
  const fits = utf8.encodeInto(value, clientMsgIdBytes).read === value.length;
  const usable = value !== "" && fits && value === value.trim();
  if (!usable || forbiddenInClientMsgId.test(value)) {
    throw new TypeError("client_msg_id must have 1 to 64 bytes without control characters");
  }
  return value as ClientMsgId;
}

/** @throws TypeError for zero and for negative numbers. */
export function parseMsgId(value: bigint): MsgId {
  if (value <= 0n) throw new TypeError(`not a message id: ${value}`);
  return value as MsgId;
}

/** When the message was stored, in unix milliseconds. */
export function storedAtMs(msgId: bigint): number {
  return Number(msgId >> 22n);
}

/** The client id under which every bot stores its answer to a message: so there is only one. */
export function answerIdOf(question: bigint): ClientMsgId {
  return parseClientMsgId(`answer:${question}`);
}

/** The question that a message with this client id answers; undefined for every other message. */
export function questionOfAnswer(clientMsgId: string): bigint | undefined {
  const [, msgId] = /^answer:(\d{1,19})$/.exec(clientMsgId) ?? [];
  return msgId === undefined ? undefined : BigInt(msgId);
}

/** The id of the one-to-one session of two people, whoever starts it. */
export function singleSessionId(one: Username, other: Username): SessionId {
  const [first, second] = compareBytes(one, other) <= 0 ? [one, other] : [other, one];
  return `single:${first}:${second}` as SessionId;
}

/** The id of a group made with this snowflake. */
export function groupSessionId(snowflake: MsgId): SessionId {
  return `group:${snowflake}` as SessionId;
}

/** Whether the id is that of a one-to-one session. */
export function isSingleSessionId(sessionId: SessionId): boolean {
  return sessionId.startsWith("single:");
}

/**
 * The source of a pattern, for the flags `iu`, that finds `@name` and not a part of a longer name.
 * Chinese is written without spaces: a Chinese character beside the mention is no part of a name
 * that does not end with one itself. The first group is what stands before the mention.
 */
export function mentionPattern(username: Username): string {
  const name = username.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const more = /\p{Script=Han}$/u.test(username) ? "" : "(?!\\p{Script=Han})";
  return `(^|\\p{Script=Han}|[^\\p{L}\\p{N}_.-])@${name}(?!${more}[\\p{L}\\p{N}_-])`;
}

// The order of Go's sort.Strings: bytes of UTF-8, which UTF-16 code units do not follow.
function compareBytes(one: string, other: string): number {
  const a = utf8.encode(one);
  const b = utf8.encode(other);
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
