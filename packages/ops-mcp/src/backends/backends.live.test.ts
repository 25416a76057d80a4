import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AnyTool, callTool, opsTools } from "../index.ts";
import { depsOf, openTestCluster } from "../testing/index.ts";
import { backendError } from "./backend-error.ts";
import type { HttpBackend } from "./http-backend.ts";

let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

async function backendThat(name: string, answer: RequestListener): Promise<HttpBackend> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(async () => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { name, url: `http://127.0.0.1:${port}`, token: "a token" };
}

const signal = () => AbortSignal.timeout(20_000);

test("Alertmanager: what fires, the worst first, and not what is silenced", async () => {
  let asked = "";
  let authorization: string | undefined;
  const alertmanager = await backendThat("Alertmanager", (request, response) => {
    asked = request.url ?? "";
    authorization = request.headers.authorization;
    const alert = (alertname: string, severity: string) => ({
      labels: { alertname, severity, service: "gateway" },
      annotations: { description: `${alertname} is on` },
      startsAt: "2026-11-26T10:00:00Z",
    });
    response.end(JSON.stringify([alert("Slow", "warning"), alert("Down", "critical")]));
  });
  const result = await callTool(depsOf({ alertmanager }), opsTools.get_alerts, {}, signal());
  expect(result).toMatchObject({
    outcome: "ok",
    data: {
      source: "Alertmanager",
      firing: 2,
      shown: [{ name: "Down", severity: "critical", summary: "Down is on" }, { name: "Slow" }],
    },
  });
  expect(asked).toContain("active=true&silenced=false");
  expect(authorization).toBe("Bearer a token");
});

test("no alert at all is no data, and no source of alerts says what to set", async () => {
  const alertmanager = await backendThat("Alertmanager", (_, response) => response.end("[]"));
  const none = await callTool(depsOf({ alertmanager }), opsTools.get_alerts, {}, signal());
  expect(none).toMatchObject({ outcome: "no_data", causes: ["nothing_fires"] });
  const missing = await callTool(depsOf({}), opsTools.get_alerts, {}, signal());
  expect(missing).toMatchObject({ outcome: "error", cause: "not_configured" });
  expect(missing.outcome === "error" && missing.message).toContain("RESONANCE_ALERTMANAGER_URL");
});

test.each([
  ["list_pods", "RESONANCE_KUBERNETES"],
  ["list_events", "RESONANCE_KUBERNETES"],
  ["list_metrics", "RESONANCE_PROMETHEUS_URL"],
  ["list_services", "RESONANCE_STACK_FILE"],
  ["diagnose", "RESONANCE_STACK_FILE"],
] as const)("%s without its back end says how to configure it", async (name, setting) => {
  const tool: AnyTool = opsTools[name];
  const result = await callTool(depsOf({}), tool, {}, signal());
  expect(result).toMatchObject({ outcome: "error", cause: "not_configured", retryHelps: false });
  expect(result.outcome === "error" && result.message).toContain(setting);
});

test.each([
  [401, "forbidden", false],
  [403, "forbidden", false],
  [422, "bad_input", false],
  [429, "unavailable", true],
  [503, "unavailable", true],
])("an answer of %i is %s", async (status, cause, retryHelps) => {
  const prometheus = await backendThat("Prometheus", (_, response) => {
    response.writeHead(status).end(JSON.stringify({ status: "error", error: "because" }));
  });
  const input = { query: "up" };
  const result = await callTool(depsOf({ prometheus }), opsTools.get_metrics, input, signal());
  expect(result).toMatchObject({ outcome: "error", cause, retryHelps });
});

test.each(["<html>proxy</html>", '{"data":7}', ""])(
  "an answer that is none is said: %s",
  async (body) => {
    const prometheus = await backendThat("Prometheus", (_, response) => response.end(body));
    const input = { query: "up" };
    const result = await callTool(depsOf({ prometheus }), opsTools.get_metrics, input, signal());
    expect(result).toMatchObject({ outcome: "error", cause: "unavailable" });
  },
);

test("an answer without end is given up, with what to do", async () => {
  const prometheus = await backendThat("Prometheus", (_, response) => {
    const megabyte = Buffer.alloc(1024 * 1024, "x");
    const more = () => {
      while (response.write(megabyte));
    };
    response.on("drain", more);
    more();
  });
  const input = { query: "up" };
  const result = await callTool(depsOf({ prometheus }), opsTools.get_metrics, input, signal());
  expect(result).toMatchObject({ outcome: "error", cause: "too_much" });
});

test("a redirect is not followed: it would lead where nobody configured", async () => {
  const prometheus = await backendThat("Prometheus", (_, response) => {
    response.writeHead(302, { location: "http://169.254.169.254/" }).end();
  });
  const input = { query: "up" };
  const result = await callTool(depsOf({ prometheus }), opsTools.get_metrics, input, signal());
  expect(result).toMatchObject({ outcome: "error", cause: "unavailable" });
});

test("a cluster that hangs is left when the asker has had enough", async () => {
  await using cluster = await openTestCluster(undefined, signal());
  const { fake } = cluster;
  if (!fake) throw new Error("no real cluster was asked for");
  fake.intercept = () => true;
  const deps = depsOf({ kubernetes: cluster.apiOf("admin", ["default"]) });
  const enough = AbortSignal.timeout(200);
  await expect(callTool(deps, opsTools.list_pods, {}, enough)).rejects.toThrow(/timeout/i);
});

test("a cluster that breaks off in the middle is an error that a retry may heal", async () => {
  await using cluster = await openTestCluster(undefined, signal());
  const { fake } = cluster;
  if (!fake) throw new Error("no real cluster was asked for");
  fake.intercept = (_, response) => {
    response.writeHead(200, { "content-length": "1000" }).write('{"items":[');
    response.destroy();
    return true;
  };
  const deps = depsOf({ kubernetes: cluster.apiOf("admin", ["default"]) });
  const result = await callTool(deps, opsTools.list_pods, {}, signal());
  expect(result).toMatchObject({ outcome: "error", cause: "unavailable", retryHelps: true });
});

test("an expired certificate is told apart from a server that is away", () => {
  const refused = Object.assign(new Error("x"), { code: "CERT_HAS_EXPIRED" });
  const cause = new TypeError("fetch failed", { cause: refused });
  expect(backendError("Loki", cause)).toMatchObject({
    code: "certificate",
    message: "the certificate of Loki has expired",
    retryHelps: false,
  });
  const away = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
  expect(backendError("Loki", away)).toMatchObject({ code: "unavailable", retryHelps: true });
});
