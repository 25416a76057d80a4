import { fromBinary, getExtension, toBinary } from "@bufbuild/protobuf";
import { MessageOptionsSchema } from "@bufbuild/protobuf/wkt";
import { BotEventSchema, default_topic, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { bytesOf, decode, goldenMsgId, hexOf, lengthDelimited, toHex } from "./testing/golden.ts";

test.each([
  ["V6", PushEventSchema],
  ["V10", PushEventSchema],
  ["V15", BotEventSchema],
] as const)("C01: %s decodes and encodes to identical bytes, with a 64-bit id", (name, schema) => {
  const message = fromBinary(schema, bytesOf(hexOf[name]));

  expect(toHex(toBinary(schema, message))).toBe(hexOf[name]);
  expect(message.msgId).toBe(goldenMsgId);
  expect(message.$unknown ?? []).toEqual([]);
});

test.each([
  [PushEventSchema, "resonance.push.event.v1"],
  [BotEventSchema, "resonance.bot.event.v1"],
])("C01: the descriptor of %s names the topic in extension 50001", (schema, topic) => {
  expect(topicOf(schema)).toBe(topic);
  expect(default_topic.number).toBe(50_001);
  const { options } = schema.proto;
  expect(options && getExtension(options, default_topic)).toBe(topic);
  // What other implementations read there.
  const encoded = options && toHex(toBinary(MessageOptionsSchema, options));
  expect(encoded).toBe(lengthDelimited(50_001, toHex(new TextEncoder().encode(topic))));
});

test("C02: unknown fields survive, and the known ones are as they were", () => {
  const traceHeaders = lengthDelimited(11, "0a016112056231323334");
  const bytes = hexOf.V6 + traceHeaders + lengthDelimited(99, "3132");

  const event = decode(PushEventSchema, bytes);

  expect(event).toMatchObject({
    msgId: goldenMsgId,
    seqId: 2n,
    sessionId: "single:alice:bob",
    fromUsername: "alice",
    toUsername: "",
    content: "hi",
    type: "text",
    timestamp: 1769340643n,
    sessionName: "",
    sessionType: 0,
  });
  expect(toHex(toBinary(PushEventSchema, event))).toBe(bytes);
});
