import { expect, test } from "vitest";
import {
  answerIdOf,
  isReservedUsername,
  parseClientMsgId,
  parseSessionId,
  parseUsername,
  questionOfAnswer,
  singleSessionId,
  storedAtMs,
  usernameProblem,
} from "./ids.ts";

test("a one-to-one session has one id, whoever starts it", () => {
  const alice = parseUsername("alice");
  const bob = parseUsername("bob");

  expect(singleSessionId(alice, bob)).toBe("single:alice:bob");
  expect(singleSessionId(bob, alice)).toBe("single:alice:bob");
});

test("names are ordered by their UTF-8 bytes, as Go does", () => {
  // U+FF5E comes before U+1F44B in UTF-8 and after it in UTF-16.
  const [tilde, wave] = [parseUsername("～"), parseUsername("👋")];

  expect(singleSessionId(wave, tilde)).toBe("single:～:👋");
  expect(singleSessionId(parseUsername("zoe"), parseUsername("ops-bot"))).toBe(
    "single:ops-bot:zoe",
  );
});

test("two names of the longest length fit a session id", () => {
  const [one, other] = [parseUsername("a".repeat(28)), parseUsername("b".repeat(28))];

  expect(singleSessionId(one, other)).toHaveLength(64);
  expect(usernameProblem(one)).toBeUndefined();
});

test("characters beyond 16 bits count once, as the database counts them", () => {
  const [one, other] = ["👋", "👌"].map((hand) => parseUsername(hand.repeat(28)));
  const sessionId = singleSessionId(one ?? parseUsername(""), other ?? parseUsername(""));

  expect(usernameProblem("👋".repeat(28))).toBeUndefined();
  expect(parseSessionId(sessionId)).toBe(sessionId);
  expect(parseUsername("𠮷".repeat(64))).toHaveLength(128);
  expect(() => parseUsername("𠮷".repeat(65))).toThrow(TypeError);
});

test.each([
  ["", "name_empty"],
  ["a".repeat(29), "name_too_long"],
  ["a:b", "name_has_forbidden_character"],
  ["a\u0000b", "name_has_forbidden_character"],
  ["a b", "name_has_forbidden_character"],
  ["alice ", "name_has_forbidden_character"],
  ["a\u200bb", "name_has_forbidden_character"],
  ["e\u0301", "name_has_forbidden_character"],
  ["\ud800", "name_has_forbidden_character"],
])("the name %j is refused: %s", (name, problem) => {
  expect(usernameProblem(name)).toBe(problem);
});

test.each(["alice", "张三", "o'brien", "a.b-c_d", "👋", "é"])("the name %s is accepted", (name) => {
  expect(usernameProblem(name)).toBeUndefined();
});

test("the system's names are reserved in every case and width", () => {
  expect(["ops-bot", "Ops-Bot", "SYSTEM", "ｓｙｓｔｅｍ"].map(isReservedUsername)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(isReservedUsername("ops-bots")).toBe(false);
});

test("ids that SQL would find under another spelling are refused", () => {
  expect(() => parseSessionId("0 ")).toThrow(TypeError);
  expect(() => parseSessionId("")).toThrow(TypeError);
  expect(() => parseSessionId("x".repeat(65))).toThrow(TypeError);
});

test("a client message id has 1 to 64 bytes without control characters", () => {
  expect(parseClientMsgId("é".repeat(32))).toHaveLength(32);
  for (const bad of ["", "é".repeat(33), "a\nb", " a"]) {
    expect(() => parseClientMsgId(bad)).toThrow(TypeError);
  }
});

test("an answer leads to its question, and nothing else does", () => {
  expect(questionOfAnswer("answer:7421152536297500675")).toBe(7421152536297500675n);
  for (const other of ["", "answer:", "answer:x", "answer:7 ", "proposal:7", "my answer:7"]) {
    expect(questionOfAnswer(other)).toBeUndefined();
  }
});

test("there is one answer to a message, and its id says when that was stored", () => {
  expect(answerIdOf(7421152536297500675n)).toBe("answer:7421152536297500675");
  expect(questionOfAnswer(answerIdOf(7n))).toBe(7n);
  expect(storedAtMs((1_795_743_181_059n << 22n) + 4_194_303n)).toBe(1_795_743_181_059);
});
