import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { DeliverySchema, PushEventSchema } from "@resonance/mq-proto";
import { PushMessageSchema } from "@resonance/mq-proto/gateway";
import { SyncStatusRequestSchema } from "@resonance/mq-proto/logic";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { callApi, createSession, enter, fresh } from "./testing/call-api.ts";
import { type ContractTarget, isUntold, openContractTarget } from "./testing/contract-target.ts";
import {
  bytesOf,
  decode,
  goldenMsgId,
  goldenSession,
  goldenWith,
  hexOf,
  lengthDelimited,
  toHex,
} from "./testing/golden.ts";
import { type BusSpy, openBusSpy, pushTopic } from "./testing/open-bus-spy.ts";
import { openGrpc } from "./testing/open-grpc.ts";
import { openMortalSocket } from "./testing/open-mortal-socket.ts";
import { openRawSocket } from "./testing/open-raw-socket.ts";
import { openTables, type Tables } from "./testing/open-tables.ts";
import {
  addRoutes,
  pretendedGateway as gateway,
  otherGateway,
  prepareTables,
  routesOf,
} from "./testing/pretended-gateway.ts";

let target: ContractTarget;
let tables: Tables;
let bus: BusSpy;
/** What Task sends to the gateway that this test pretends to be. */
let deliveries: readonly string[];

beforeAll(async () => {
  target = await openContractTarget();
  tables = await openTables(target.mysqlUrl);
  bus = await openBusSpy(target.natsUrl);
}, 120_000);
afterAll(async () => {
  await bus?.[Symbol.asyncDispose]();
  await tables?.[Symbol.asyncDispose]();
  await target?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  deliveries = await bus.listen(`resonance.delivery.v1.${gateway}`);
  await prepareTables(tables);
});

async function syncStatus(request: MessageInitShape<typeof SyncStatusRequestSchema>) {
  await using logic = openGrpc(target.logicAddress, await target.tokenOf("gateway"));
  const bytes = toBinary(SyncStatusRequestSchema, create(SyncStatusRequestSchema, request));
  return await logic.call("/resonance.logic.v1.PresenceService/SyncStatus", bytes);
}

const within3s = { timeoutMs: 3_000 };

test("C10: a message is delivered as exactly the golden request, and is in both inboxes", async () => {
  await addRoutes(tables, "bob");

  await bus.publish(pushTopic, hexOf.V6);

  // A delivery is a list of what PushService takes one by one.
  await eventually(() => expect(deliveries).toEqual([lengthDelimited(1, hexOf.V8)]), within3s);
  await eventually(async () =>
    expect(await tables.inbox(goldenSession)).toEqual(
      ["alice", "bob"].map((owner) => ({
        owner,
        seqId: "2",
        msgId: String(goldenMsgId),
        isRead: 0,
      })),
    ),
  );
});

test("C11: an announcement goes to everybody, with the session's name and type", async () => {
  await addRoutes(tables, "alice", "bob");

  await bus.publish(pushTopic, hexOf.V10);

  await eventually(() => expect(deliveries).toHaveLength(1), within3s);
  const [item, ...more] = decode(DeliverySchema, deliveries[0] ?? "").items;
  expect(more).toEqual([]);
  expect(item?.toUsernames.toSorted()).toEqual(["alice", "bob"]);
  if (item?.payload.case !== "message") throw new Error(`a delivery of ${item?.payload.case}`);
  const message = toHex(toBinary(PushMessageSchema, item.payload.value));
  // V11 is the same message in a packet.
  expect(lengthDelimited(12, message)).toBe(hexOf.V11);
});

test.skipIf(isUntold("CONTRACT_STOP_LOGIC", "CONTRACT_START_LOGIC"))(
  "C12: a Logic that goes and comes back is used again, without a restart of the gateway",
  { timeout: 60_000 },
  async () => {
    const user = await enter(target.httpUrl, fresh("c12-user"));
    const sessionId = await createSession(user, { members: ["ops-bot"], type: 1 });
    await using socket = await openRawSocket(target, user);

    await target.stop("logic");
    const away = await callApi(
      target.httpUrl,
      "SessionService/GetSessionList",
      {},
      { authorization: user.token },
    );
    socket.chat("away", { sessionId, content: "is anybody there?" });
    const refused = await socket.ackOf("away");
    await target.start("logic");

    // The caller is not told that the token is bad: a client would sign its user out.
    expect(away.status).toBe(503);
    expect(refused.error).not.toBe("");
    expect([refused.msgId, refused.seqId]).toEqual([0n, 0n]);
    let tries = 0;
    const patience = { timeoutMs: 10_000, intervalMs: 100 };
    await eventually(async () => {
      const seq = `back ${++tries}`;
      socket.chat(seq, { sessionId, content: "/help" });
      expect(await socket.ackOf(seq)).toMatchObject({ error: "" });
      expect(await user.call("GetSessionList", {})).toMatchObject({ status: 200 });
    }, patience);
    expect(socket.isOpen).toBe(true);
  },
);

test.skipIf(isUntold("CONTRACT_LOGIC_ADDRESS"))(
  "C13: the golden report is answered with its number, and notes the route and the gateway",
  async () => {
    await using logic = openGrpc(target.logicAddress, await target.tokenOf("gateway"));

    const { status, response } = await logic.call(
      "/resonance.logic.v1.PresenceService/SyncStatus",
      bytesOf(hexOf.V14),
    );

    expect(status).toBe(0);
    // seq_id 1, no error.
    expect(toHex(response)).toBe("0801");
    expect(await routesOf(tables, "alice")).toEqual([{ gateway, remoteIp: "10.0.0.9:51820" }]);
    const [heard] = await tables.rows(
      "SELECT last_seen_at > NOW(3) - INTERVAL 5 SECOND AS lately FROM t_gateway WHERE gateway_id = ?",
      [gateway],
    );
    expect(heard).toEqual({ lately: 1 });
  },
);

test.skipIf(isUntold("CONTRACT_LOGIC_ADDRESS"))(
  "C14: an offline report of one gateway leaves the route to another",
  async () => {
    const nowSeconds = BigInt(Math.floor(Date.now() / 1_000));
    const alice = { username: "alice", timestamp: nowSeconds };
    await syncStatus({ seqId: 1n, gatewayId: gateway, onlineBatch: [alice] });
    await syncStatus({ seqId: 1n, gatewayId: otherGateway, onlineBatch: [alice] });

    const { status } = await syncStatus({
      seqId: 2n,
      gatewayId: gateway,
      offlineBatch: [{ ...alice, timestamp: nowSeconds + 1n }],
    });

    expect(status).toBe(0);
    expect(await routesOf(tables, "alice")).toMatchObject([{ gateway: otherGateway }]);
  },
);

test.skipIf(isUntold("CONTRACT_LOGIC_ADDRESS"))(
  "C14: a stale offline report leaves the newer route",
  async () => {
    const alice = { username: "alice", timestamp: BigInt(Math.floor(Date.now() / 1_000)) };
    await syncStatus({ seqId: 2n, gatewayId: gateway, onlineBatch: [alice] });

    await syncStatus({
      seqId: 1n,
      gatewayId: gateway,
      offlineBatch: [{ ...alice, timestamp: alice.timestamp - 1n }],
    });

    expect(await routesOf(tables, "alice")).toMatchObject([{ gateway }]);
  },
);

test.skipIf(isUntold("CONTRACT_GATEWAY_ADDRESS"))(
  "C22: pushes to somebody who was killed are answered, each with the name, and presence ends",
  { timeout: 90_000 },
  async () => {
    const bob = await enter(target.httpUrl, "bob");
    await using pushService = openGrpc(target.gatewayAddress, await target.tokenOf("task"));
    const push = async () => {
      const startedAtMs = Date.now();
      const { status, response } = await pushService.call(
        "/resonance.gateway.v1.PushService/Push",
        bytesOf(hexOf.V8),
      );
      expect(status).toBe(0);
      expect(Date.now() - startedAtMs).toBeLessThan(3_000);
      return toHex(response);
    };
    const reached = hexOf.V9.replace(/1a03626f62$/, "");
    const isOnline = async () =>
      (await tables.rows("SELECT 1 FROM t_route WHERE username = 'bob'")).length > 0;
    {
      await using alive = await openRawSocket(target, bob);
      expect(await push()).toBe(reached);
      await eventually(() => expect(alive.frames).toEqual([hexOf.V7]));
    }
    await eventually(async () => !(await isOnline()));
    const mortal = await openMortalSocket(target, bob);
    await eventually(isOnline);

    mortal.kill();

    await eventually(async () => expect(await push()).toBe(hexOf.V9));
    for (let count = 0; count < 100; count++) expect(await push()).toBe(hexOf.V9);
    // At once where the end of the connection is seen; a connection that just falls silent is
    // tested with the gateway, whose patience can be shortened there.
    await eventually(async () => !(await isOnline()), { timeoutMs: 60_100 });
  },
);

test.skipIf(isUntold("CONTRACT_STOP_TASK", "CONTRACT_START_TASK"))(
  "C23: what is sent while Task is stopped is in every inbox once, and reaches who is online",
  { timeout: 90_000 },
  async () => {
    const alice = await enter(target.httpUrl, fresh("c23-alice"));
    const bob = await enter(target.httpUrl, fresh("c23-bob"));
    const sessionId = await createSession(alice, { members: [bob.username], type: 1 });
    await eventually(async () => expect(await tables.inbox(sessionId)).toHaveLength(2));
    await using sender = await openRawSocket(target, alice);
    await using receiver = await openRawSocket(target, bob);
    const seqs = Array.from({ length: 100 }, (_, index) => BigInt(index + 2));
    await target.stop("task");

    for (const seq of seqs) sender.chat(`${seq}`, { sessionId, content: `message ${seq}` });
    await sender.ackOf(`${seqs.at(-1)}`);
    expect(sender.acks().map(({ seqId, error }) => [seqId, error])).toEqual(
      seqs.map((seq) => [seq, ""]),
    );
    await target.start("task");

    const expected = [alice, bob].flatMap(({ username }) =>
      [1n, ...seqs].map((seq) => [username, String(seq)]),
    );
    await eventually(
      async () => {
        const inbox = await tables.inbox(sessionId);
        expect(inbox.map(({ owner, seqId }) => [owner, seqId])).toEqual(expected);
      },
      { timeoutMs: 30_000 },
    );
    await eventually(() => {
      const seen = new Set(receiver.pushes().map(({ seqId }) => seqId));
      expect(seqs.filter((seq) => !seen.has(seq))).toEqual([]);
    });
  },
);

test("C24: an event that comes three times is one inbox row, and holds up nothing", async () => {
  await addRoutes(tables, "bob");
  const later = goldenWith(PushEventSchema, hexOf.V6, (event) => {
    event.msgId += 1n;
    event.seqId += 1n;
  });

  for (const hex of [hexOf.V6, hexOf.V6, hexOf.V6, later]) await bus.publish(pushTopic, hex);

  await eventually(() => {
    const items = deliveries.flatMap((hex) => decode(DeliverySchema, hex).items);
    const seqs = items.map(({ payload }) => payload.case === "message" && payload.value.seqId);
    expect(seqs).toContain(3n);
  }, within3s);
  // Deliveries go out first: they may be lost, inboxes may not.
  await eventually(async () => {
    const inbox = await tables.inbox(goldenSession);
    expect(inbox.map(({ owner, seqId }) => [owner, seqId])).toEqual([
      ["alice", "2"],
      ["alice", "3"],
      ["bob", "2"],
      ["bob", "3"],
    ]);
  }, within3s);
});
