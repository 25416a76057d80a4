import { type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { mutate, randomBytes, seededRandom } from "@resonance/testkit";
import { expect, test } from "vitest";
import { PushRequestSchema, WsPacketSchema } from "./gateway.ts";
import { BotEventSchema, DeliverySchema, ProgressEventSchema, PushEventSchema } from "./index.ts";
import { SendMessageRequestSchema, SyncStatusRequestSchema } from "./logic.ts";
import golden from "./vectors.json" with { type: "json" };

const schemas: readonly DescMessage[] = [
  WsPacketSchema,
  PushEventSchema,
  BotEventSchema,
  DeliverySchema,
  ProgressEventSchema,
  PushRequestSchema,
  SendMessageRequestSchema,
  SyncStatusRequestSchema,
];
const samples = Object.entries(golden.vectors)
  .filter(([name]) => name !== "V17")
  .map(([, { value }]) => Buffer.from(value, "hex"));

test("80,000 random and mutated messages are refused with an Error, or read the same twice", () => {
  const random = seededRandom(20_261_122);
  let read = 0;
  for (let round = 0; round < 80_000; round++) {
    const bytes = round % 4 === 0 ? randomBytes(random, 200) : mutate(random, samples);
    const schema = schemas[round % schemas.length] ?? WsPacketSchema;
    let again: Uint8Array;
    try {
      again = toBinary(schema, fromBinary(schema, bytes));
    } catch (error) {
      if (!(error instanceof Error))
        throw new Error(`${Buffer.from(bytes).toString("hex")} threw no Error`);
      continue;
    }
    read += 1;
    // Read once more, it must be written alike: nothing is lost or made up on the way.
    const twice = toBinary(schema, fromBinary(schema, again));
    if (Buffer.compare(twice, again) !== 0)
      throw new Error(`unstable: ${Buffer.from(bytes).toString("hex")}`);
  }
  // Mutations that nothing accepts would prove nothing.
  expect(read).toBeGreaterThan(5_000);
  expect(read).toBeLessThan(75_000);
}, 60_000);
