import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { eventually, freePort } from "@resonance/testkit";
import { testServers } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { openTestClient } from "./testing/open-test-client.ts";
import { openTestLogic, tokenOfUser } from "./testing/open-test-logic.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function run(environment: Record<string, string>) {
  const child = spawn(process.execPath, [main], {
    env: {
      RESONANCE_HTTP_LISTEN: "127.0.0.1:0",
      RESONANCE_GATEWAY_LISTEN: "127.0.0.1:0",
      RESONANCE_NATS_URL: testServers().nats.url,
      ...makeTestServiceKeys().settingsOf("gateway"),
      ...environment,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Record<string, unknown>[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(JSON.parse(line)));
  return {
    child,
    lines,
    line: (msg: string) =>
      eventually(() => lines.find((line) => line.msg === msg) ?? false, { timeoutMs: 10_000 }),
  };
}

test("the process logs calls, sockets and messages, and neither token nor content", async () => {
  await using logic = await openTestLogic();
  const { child, lines, line } = run({
    RESONANCE_LOGIC_ADDRESS: logic.address,
    RESONANCE_LOG_LEVEL: "debug",
  });
  const { httpPort } = await line("listening");
  const url = `http://127.0.0.1:${httpPort}`;
  const token = tokenOfUser("alice");
  await fetch(`${url}/resonance.gateway.v1.SessionService/GetSessionList?token=${token}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(await line("request")).toMatchObject({
    method: "POST",
    path: "/resonance.gateway.v1.SessionService/GetSessionList",
    status: 200,
    username: "alice",
    durationMs: expect.any(Number),
    traceId: expect.any(String),
  });

  const client = await openTestClient(`${url}/ws?token=${token}`);
  client.chat("t1", { sessionId: "0", content: "very private" });
  await client.settle();
  const opened = await line("socket opened");
  expect(await line("message accepted")).toMatchObject({
    username: "alice",
    sessionId: "0",
    msgId: "7421152536297500675",
    connectionId: opened.connectionId,
  });
  client.socket.close();
  expect(await line("socket closed")).toMatchObject({ username: "alice", path: "/ws" });

  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  const text = JSON.stringify(lines);
  expect(text).not.toContain(token);
  expect(text).not.toContain("very private");
});

test("bad settings end the process with all of them in one line", async () => {
  const { child, lines } = run({ RESONANCE_HTTP_LISTEN: "x", RESONANCE_NATS_URL: "x" });
  const [code] = await once(child, "exit");
  expect(code).toBe(78);
  for (const variable of ["HTTP_LISTEN", "LOGIC_ADDRESS", "NATS_URL"]) {
    expect(lines[0]?.msg).toContain(`RESONANCE_${variable}`);
  }
});

test("without NATS and Logic the process starts, says it lives, and stops", async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  const { child, line } = run({
    RESONANCE_LOGIC_ADDRESS: nowhere,
    RESONANCE_NATS_URL: `nats://${nowhere}`,
  });
  const { httpPort } = await line("listening");
  expect((await fetch(`http://127.0.0.1:${httpPort}/health`)).status).toBe(200);
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
});
