import { randomUUID } from "node:crypto";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { openBus } from "@resonance/bus";
import { createLogger, type Environment } from "@resonance/kit";
import { type DeliveryItemSchema, DeliverySchema, topicOf } from "@resonance/mq-proto";
import { openServiceCredential, type ServiceCredential } from "@resonance/rpc";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { testServers } from "@resonance/testkit/vitest";
import type { KeepAlive } from "../connection.ts";
import { type Gateway, start } from "../start.ts";
import { openTestClient, type TestClient } from "./open-test-client.ts";
import { openTestLogic, type TestLogic, tokenOfUser } from "./open-test-logic.ts";

export type TestGateway = Gateway & {
  /** What a Task needs to be let in. */
  readonly pushCredential: ServiceCredential;
  readonly logic: TestLogic;
  readonly url: string;
  readonly gatewayId: string;
  /** Connects as this user. */
  connect(username: string): Promise<TestClient>;
  /** Publishes what Task would publish. */
  deliver(...items: MessageInitShape<typeof DeliveryItemSchema>[]): Promise<void>;
  publish(bytes: Uint8Array): Promise<void>;
  /** Calls a procedure as JSON. */
  call(procedure: string, body: object, headers?: Record<string, string>): Promise<Response>;
  /** The value of a line of /metrics, 0 when it is not there. */
  metric(line: string): Promise<number>;
};

/** A gateway before a Logic that stores nothing, on the run's NATS server. */
export async function openTestGateway(
  options: { environment?: Environment; keepAlive?: KeepAlive; logic?: TestLogic } = {},
): Promise<TestGateway> {
  await using stack = new AsyncDisposableStack();
  const logic = stack.use(options.logic ?? (await openTestLogic()));
  const log = createLogger("test", "silent");
  const gatewayId = `test-${randomUUID()}`;
  const keys = makeTestServiceKeys();
  const natsUrl = testServers().nats.url;
  const bus = stack.use(openBus({ url: natsUrl, name: "test", log }));
  const gateway = stack.use(
    await start(
      {
        environment: {
          RESONANCE_GATEWAY_ID: gatewayId,
          RESONANCE_HTTP_LISTEN: "127.0.0.1:0",
          RESONANCE_GATEWAY_LISTEN: "127.0.0.1:0",
          RESONANCE_LOGIC_ADDRESS: logic.address,
          RESONANCE_NATS_URL: natsUrl,
          ...keys.settingsOf("gateway"),
          ...options.environment,
        },
        log,
        signal: new AbortController().signal,
      },
      options.keepAlive,
    ),
  );
  const url = `http://127.0.0.1:${gateway.httpPort}`;
  const publish = async (bytes: Uint8Array) => {
    const connection = await bus.connected();
    connection.publish(`${topicOf(DeliverySchema)}.${gatewayId}`, bytes);
    await connection.flush();
  };
  const owned = stack.move();
  return {
    ...gateway,
    pushCredential: openServiceCredential("task", "gateway", keys.keys.task),
    logic,
    url,
    gatewayId,
    connect: (username) => openTestClient(`${url}/ws?token=${tokenOfUser(username)}`),
    publish,
    deliver: (...items) => publish(toBinary(DeliverySchema, create(DeliverySchema, { items }))),
    call: (procedure, body, headers = {}) =>
      fetch(`${url}/resonance.gateway.v1.${procedure}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    metric: async (line) => {
      const text = await (await fetch(gateway.metricsUrl)).text();
      const found = text.split("\n").find((candidate) => candidate.startsWith(`${line} `));
      return Number(found?.slice(line.length + 1) ?? 0);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
