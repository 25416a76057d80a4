import { type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { PushRequestSchema, PushResponseSchema, WsPacketSchema } from "./gateway.ts";
import { BotEventSchema, PushEventSchema } from "./index.ts";
import {
  SendMessageRequestSchema,
  SendMessageResponseSchema,
  SyncStatusRequestSchema,
} from "./logic.ts";
import golden from "./vectors.json" with { type: "json" };

// V17 is a token, not a message: services/logic/src/tokens.test.ts.
const schemas: Record<Exclude<keyof typeof golden.vectors, "V17">, DescMessage> = {
  V1: WsPacketSchema,
  V2: WsPacketSchema,
  V3: WsPacketSchema,
  V4: WsPacketSchema,
  V5: WsPacketSchema,
  V6: PushEventSchema,
  V7: WsPacketSchema,
  V8: PushRequestSchema,
  V9: PushResponseSchema,
  V10: PushEventSchema,
  V11: WsPacketSchema,
  V12: SendMessageRequestSchema,
  V13: SendMessageResponseSchema,
  V14: SyncStatusRequestSchema,
  V15: BotEventSchema,
  V16: WsPacketSchema,
};

describe("golden bytes", () => {
  for (const [name, schema] of Object.entries(schemas)) {
    const { what, value } = golden.vectors[name as keyof typeof schemas];
    test(`${name} round-trips to identical bytes (${what})`, () => {
      const message = fromBinary(schema, Buffer.from(value, "hex"));

      expect(Buffer.from(toBinary(schema, message)).toString("hex")).toBe(value);
      // A schema of other numbers would keep everything as unknown fields and round-trip as well.
      expect(message.$unknown ?? []).toEqual([]);
    });
  }

  test("every vector but the token has a schema", () => {
    expect(Object.keys(golden.vectors)).toEqual(
      [...Object.keys(schemas), "V17"].toSorted(byNumber),
    );
  });
});

test("a PushEvent reads as the contract says, with 64-bit ids", () => {
  const event = fromBinary(PushEventSchema, Buffer.from(golden.vectors.V10.value, "hex"));

  expect(event).toMatchObject({
    msgId: 7421152536297500675n,
    seqId: 1n,
    sessionId: "single:alice:bob",
    fromUsername: "system",
    content: "Alice 开始了与你的对话",
    type: "system",
    timestamp: 1769340643n,
    sessionName: "Alice",
    sessionType: 1,
  });
});

test("unknown fields are kept and written back", () => {
  const unknown = `9a06023132${"a00601"}`;
  const bytes = golden.vectors.V6.value + unknown;

  const event = fromBinary(PushEventSchema, Buffer.from(bytes, "hex"));

  expect(event.content).toBe("hi");
  expect(Buffer.from(toBinary(PushEventSchema, event)).toString("hex")).toBe(bytes);
});

test("the trace headers of newer events are read", () => {
  const traced = `${golden.vectors.V6.value}5a0a0a016112056231323334`;

  const event = fromBinary(PushEventSchema, Buffer.from(traced, "hex"));

  expect(event.traceHeaders).toEqual({ a: "b1234" });
  expect(Buffer.from(toBinary(PushEventSchema, event)).toString("hex")).toBe(traced);
});

test("a string that is not UTF-8 is an error, and not repaired", () => {
  expect(() => fromBinary(WsPacketSchema, Buffer.from("0a02fffe5200", "hex"))).toThrow();
});

function byNumber(one: string, other: string): number {
  return Number(one.slice(1)) - Number(other.slice(1));
}
