import { parseClientMsgId } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { clientMsgIdOf } from "./client-msg-id.ts";

const connectionId = "AAAAAAAAAAAAAAAA";
const derive = (seq: string, count = 1, connection = connectionId) =>
  clientMsgIdOf({ seq, clientMsgId: "" }, connection, count);

test("the client's own id is taken as it is", () => {
  expect(clientMsgIdOf({ seq: "t1", clientMsgId: "mine" }, connectionId, 1)).toBe("mine");
});

test("the same seq on one connection gives the same id", () => {
  expect(derive("t1", 1)).toBe(derive("t1", 2));
  expect(derive("t1")).toBe(`c:${connectionId}:t1`);
});

test("two connections that both count from 1 never meet", () => {
  expect(derive("1")).not.toBe(derive("1", 1, "BBBBBBBBBBBBBBBB"));
});

test("packets without a seq are different messages", () => {
  expect(derive("", 1)).not.toBe(derive("", 2));
});

test.each([
  ["over-long", "x".repeat(100)],
  ["over-long in bytes", "你".repeat(30)],
  ["with a control character", "a\nb"],
  ["padded", "a "],
  ["with a lone surrogate", "\ud800"],
])("any seq gives an id that Logic takes: %s", (_, seq) => {
  const id = derive(seq);
  expect(parseClientMsgId(id)).toBe(id);
  expect(derive(seq)).toBe(id);
  expect(derive(`${seq}y`)).not.toBe(id);
});
