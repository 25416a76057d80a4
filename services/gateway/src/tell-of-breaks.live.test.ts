import { eventually } from "@resonance/testkit";
import { openTcpProxy, testServers } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { openTestGateway } from "./testing/open-test-gateway.ts";
import { openTestLogic } from "./testing/open-test-logic.ts";

const missed = "52020801";

/** Alice at a gateway that has a call to Logic open, by way of a proxy. */
async function openByProxy() {
  await using opening = new AsyncDisposableStack();
  const logic = await openTestLogic();
  const proxy = opening.use(await openTcpProxy(Number(logic.address.split(":").at(-1))));
  const environment = { RESONANCE_LOGIC_ADDRESS: `127.0.0.1:${proxy.port}` };
  const gateway = opening.use(await openTestGateway({ environment, logic }));
  const alice = opening.use(await gateway.connect("alice"));
  alice.chat("1", { sessionId: "0", content: "opens the call" });
  await eventually(() => expect(alice.acks()).toHaveLength(1));
  const open = opening.move();
  return { proxy, logic, gateway, alice, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

test("after a break of the connection to NATS clients are told that pushes may be lost", async () => {
  const { port } = new URL(testServers().nats.url);
  await using proxy = await openTcpProxy(Number(port));
  const environment = { RESONANCE_NATS_URL: `nats://127.0.0.1:${proxy.port}` };
  await using gateway = await openTestGateway({ environment });
  await using alice = await gateway.connect("alice");
  await using bob = await gateway.connect("bob");
  await alice.settle();
  expect(alice.frames).not.toContain(missed);

  proxy.cut();

  await eventually(() => {
    for (const client of [alice, bob]) expect(client.frames).toContain(missed);
  });
  await gateway.deliver({
    toUsernames: ["alice"],
    payload: { case: "progress", value: { text: "heard again" } },
  });
  await eventually(() => expect(alice.frames.join()).toContain(hexOf("heard again")));
});

test("after the call to Logic has broken, over which deliveries come, clients are told", async () => {
  await using opened = await openByProxy();
  const { proxy, alice } = opened;
  expect(alice.frames).not.toContain(missed);

  proxy.cut();

  await eventually(() => expect(alice.frames).toContain(missed));
});

test("after a break clients are told when Logic is there to be asked", async () => {
  await using opened = await openByProxy();
  const { proxy, alice } = opened;

  await proxy.refuse();

  alice.chat("2", { sessionId: "0", content: "is not handed over" });
  await eventually(() => expect(alice.acks()).toHaveLength(2));
  expect(alice.frames).not.toContain(missed);
  await proxy.accept();
  await eventually(() => expect(alice.frames).toContain(missed), { timeoutMs: 15_000 });
});

test("who comes after a break is not told of it", async () => {
  await using opened = await openByProxy();
  const { proxy, logic, gateway, alice } = opened;
  let refusedReports = 0;
  // The report that Logic takes first tells of bob.
  logic.onReport = async ({ onlineBatch }) => {
    if (onlineBatch.length > 0) return {};
    refusedReports += 1;
    return { error: "not yet" };
  };

  proxy.cut();
  await eventually(() => expect(refusedReports).toBeGreaterThan(2));
  await using bob = await gateway.connect("bob");
  await eventually(() => expect(alice.frames).toContain(missed));
  await bob.settle();

  expect(bob.frames).not.toContain(missed);
});

test("whoever was let in before they were announced is told once they are", async () => {
  await using gateway = await openTestGateway();
  const reporting = Promise.withResolvers<void>();
  gateway.logic.onReport = async ({ onlineBatch }) => {
    if (onlineBatch.length > 0) await reporting.promise;
    return {};
  };
  await using alice = await gateway.connect("alice");
  await alice.settle();
  expect(alice.frames).not.toContain(missed);

  reporting.resolve();

  await eventually(() => expect(alice.frames).toContain(missed));
});

function hexOf(text: string): string {
  return Buffer.from(text).toString("hex");
}
