import { once } from "node:events";
import { createServer } from "node:net";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { openTestGateway } from "./testing/open-test-gateway.ts";
import { openTestLogic, tokenOfUser } from "./testing/open-test-logic.ts";

const chatV1 = "0a0274315a1c1a1073696e676c653a616c6963653a626f62320268693a0474657874";

test.each(["RESONANCE_HTTP_LISTEN", "RESONANCE_GATEWAY_LISTEN", "RESONANCE_METRICS_LISTEN"])(
  "a taken port stops the start, named with the variable %s",
  async (variable) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    const logic = await openTestLogic();
    const opening = openTestGateway({ logic, environment: { [variable]: `127.0.0.1:${port}` } });
    await expect(opening).rejects.toThrow(
      `port ${port} on 127.0.0.1 is taken by another process; set ${variable} to another host:port`,
    );
    // A report would end the routes of the gateway that runs under this id.
    expect(logic.reports).toEqual([]);
    other.close();
  },
);

test("a send in flight is acknowledged before the gateway stops, then TCP just ends", async () => {
  const logic = await openTestLogic();
  const answer = Promise.withResolvers<{ msgId: bigint; seqId: bigint }>();
  logic.onSend = () => answer.promise;
  const gateway = await openTestGateway({ logic });
  const clients = await Promise.all(["alice", "bob"].map((name) => gateway.connect(name)));
  for (const client of clients) client.sendHex(chatV1);
  await eventually(() => logic.sends.length === 2);
  const stopped = gateway[Symbol.asyncDispose]();
  await eventually(async () => {
    await expect(fetch(`${gateway.url}/health`)).rejects.toThrow();
  });
  answer.resolve({ msgId: 7n, seqId: 1n });
  for (const client of clients) {
    expect(await client.closed).toBe(1006);
    expect(client.acks()).toMatchObject([{ refSeq: "t1", msgId: 7n, error: "" }]);
  }
  await stopped;
});

test("an API call in flight is answered before the gateway stops", async () => {
  const logic = await openTestLogic();
  const answer = Promise.withResolvers<{ accessToken: string }>();
  const asked = Promise.withResolvers<void>();
  logic.onLogin = () => {
    asked.resolve();
    return answer.promise;
  };
  const gateway = await openTestGateway({ logic });
  const login = gateway.call("AuthService/Login", {});
  await asked.promise;
  const stopped = gateway[Symbol.asyncDispose]();
  answer.resolve({ accessToken: tokenOfUser("alice") });
  expect((await login).status).toBe(200);
  await stopped;
});

test("stopping twice is stopping once", async () => {
  const gateway = await openTestGateway();
  await Promise.all([gateway[Symbol.asyncDispose](), gateway[Symbol.asyncDispose]()]);
});

test("a gateway starts without Logic, and serves when Logic comes", async () => {
  const early = await openTestLogic();
  const port = Number(early.address.split(":")[1]);
  await using gateway = await openTestGateway({ logic: early });
  await early[Symbol.asyncDispose]();
  expect((await fetch(`${gateway.url}/ready`)).status).toBe(503);
  await using late = await openTestLogic(port);
  await eventually(async () => (await fetch(`${gateway.url}/ready`)).status === 200);
  await using alice = await gateway.connect("alice");
  await alice.settle();
  await eventually(() => late.reports.some((report) => report.onlineBatch.length > 0));
});
