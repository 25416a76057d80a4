import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { eventually, mutate, randomBytes, seededRandom } from "@resonance/testkit";
import { expect, test } from "vitest";
import { openTestGateway } from "./testing/open-test-gateway.ts";

const frames = 20_000;
// A chat, an ack, pushes and pulses of the contract's golden vectors.
const samples = [
  "0a0274315a1c1a1073696e676c653a616c6963653a626f62320268693a0474657874",
  "0a0274316a220a0274311083e081f09addcefe661802221073696e676c653a616c6963653a626f62",
  "62350883e081f09addcefe6610021a1073696e676c653a616c6963653a626f622205616c696365320268693a047465787440e3fdd7cb06",
  "5200",
  "0a176865617274626561742d313736393334303634333030305200",
].map((hex) => Buffer.from(hex, "hex"));

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** What is in use, without what only waits to be collected. */
function liveBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test("20,000 random and mutated frames and deliveries harm nobody and leave nothing behind", async () => {
  await using gateway = await openTestGateway({
    environment: { RESONANCE_LIMIT_MESSAGES_PER_USER: "off" },
  });
  const random = seededRandom(7);
  await using bystander = await gateway.connect("bob");
  await using client = await gateway.connect("alice");
  let halfwayBytes = 0;
  for (let sent = 0; sent < frames; sent++) {
    if (sent === frames / 2) halfwayBytes = liveBytes();
    const bytes = sent % 3 === 0 ? randomBytes(random, 300) : mutate(random, samples);
    if (sent % 4 === 0) await gateway.publish(bytes);
    else client.send(bytes);
    // What came is of no interest, and would be most of the memory.
    if (sent % 500 === 499) {
      await client.settle();
      client.frames.length = 0;
      bystander.frames.length = 0;
    }
  }

  await client.settle();
  await bystander.settle();
  // As many again have left less than 100 bytes each: compiled code and the test's own counts.
  expect(liveBytes() - halfwayBytes).toBeLessThan((frames / 2) * 100);
  expect(await gateway.metric('resonance_gateway_connections{service="gateway"}')).toBe(2);
  expect(client.socket.readyState).toBe(client.socket.OPEN);
  client.vanish();
  await eventually(async () =>
    expect(await gateway.metric('resonance_gateway_connections{service="gateway"}')).toBe(1),
  );
}, 120_000);
