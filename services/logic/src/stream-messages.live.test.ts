import { PassThrough } from "node:stream";
import { create, fromBinary } from "@bufbuild/protobuf";
import { type DeliveryItem, DeliverySchema, topicOf } from "@resonance/mq-proto";
import {
  CreateSessionRequestSchema,
  SendMessagesRequestSchema,
  SendMessagesResponseSchema,
} from "@resonance/mq-proto/logic";
import { eventually } from "@resonance/testkit";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createSession } from "./create-session.ts";
import { createSendMetrics } from "./metrics.ts";
import { streamMessages } from "./stream-messages.ts";
import { openTestLogic } from "./test-logic.ts";

const never = new AbortController().signal;

function inShort({ toUsernames, payload }: DeliveryItem): string {
  return `${payload.case === "message" ? payload.value.content : ""} to ${toUsernames.join(" and ")}`;
}

test("a gateway that has named itself gets its deliveries with the answers, until it leaves", async () => {
  await using logic = await openTestLogic();
  for (const name of ["alice", "bob"]) await logic.user(name);
  const session = { creatorUsername: "alice", members: ["bob"], type: 1 };
  await createSession(logic.deps, create(CreateSessionRequestSchema, session), logic.signal);
  await logic.db.execute(
    `INSERT INTO t_route (username, gateway_id, incarnation, connected_at)
     VALUES ('bob', 'g1', 1, NOW(3))`,
  );
  const overNats: string[] = [];
  logic.bus.subscribe(`${topicOf(DeliverySchema)}.g1`, (bytes) => {
    overNats.push(...fromBinary(DeliverySchema, bytes).items.map(inShort));
  });
  const requests = new PassThrough({ objectMode: true });
  const overCall: string[] = [];
  const send = (batch: number) => {
    const request = { sessionId: "single:alice:bob", fromUsername: "alice", content: `${batch}` };
    requests.write(create(SendMessagesRequestSchema, { batch, messages: [{ request }] }));
  };

  const ended = streamMessages(
    { ...logic.deps, sendMetrics: createSendMetrics(new Registry()) },
    {
      requests,
      respond: async (response) => {
        const { batch, answers, delivery } = create(SendMessagesResponseSchema, response);
        const answered = answers.map(({ response: one }) => `answer ${batch}${one?.error ?? ""}`);
        overCall.push([...answered, ...(delivery?.items ?? []).map(inShort)].join(" and "));
      },
      stopping: never,
    },
    "gateway",
  );
  requests.write(create(SendMessagesRequestSchema, { gatewayId: "g1" }));
  send(1);
  // Where bob is was not known yet: the delivery may come after the answer.
  await eventually(() => expect(overCall.join(" and ")).toBe("answer 1 and 1 to bob"));
  send(2);
  await eventually(() => expect(overCall.at(-1)).toBe("answer 2 and 2 to bob"));
  requests.end();
  await ended;
  await logic.send({ sessionId: "single:alice:bob", fromUsername: "alice", content: "3" });

  await eventually(() => expect(overNats).toEqual(["3 to bob"]));
  expect(overCall.at(-1)).toBe("answer 2 and 2 to bob");
});
