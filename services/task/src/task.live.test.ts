import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { openBus } from "@resonance/bus";
import { openDatabase } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import {
  type DeliveryItem,
  DeliverySchema,
  deliveredHeader,
  formatDelivered,
  PresenceEventSchema,
  ProgressEventSchema,
  PushEventSchema,
  TypingEventSchema,
  topicOf,
  type Username,
} from "@resonance/mq-proto";
import { PushMessageSchema } from "@resonance/mq-proto/gateway";
import { eventually } from "@resonance/testkit";
import { openTcpProxy, openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { start } from "./start.ts";

// V6 and V10 of the contract's golden vectors.
const plainPush =
  "0883e081f09addcefe6610021a1073696e676c653a616c6963653a626f622205616c696365320268693a047465787440e3fdd7cb06";
const systemPush =
  "0883e081f09addcefe6610011a1073696e676c653a616c6963653a626f62220673797374656d321e416c69636520e5bc80e5a78be4ba86e4b88ee4bda0e79a84e5afb9e8af9d3a0673797374656d40e3fdd7cb064a05416c6963655001";
const systemMessage =
  "0883e081f09addcefe6610011a1073696e676c653a616c6963653a626f62220673797374656d321e416c69636520e5bc80e5a78be4ba86e4b88ee4bda0e79a84e5afb9e8af9d3a0673797374656d40e3fdd7cb0652090a05416c6963651001";

const log = createLogger("task-test", "silent");
const pushTopic = topicOf(PushEventSchema);

/** Task on a database with alice and bob in one session, and a spy in the gateways' place. */
async function openTestTask() {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await openTestDatabase());
  await migrate({ url: database.url, signal: AbortSignal.timeout(30_000) });
  const nats = stack.use(await openTestNats());
  const db = stack.use(openDatabase(database.url));
  const bus = stack.use(openBus({ url: nats.url, name: "spy", log }));
  await bus.ready();
  await db.execute(
    "INSERT INTO t_session (session_id, type, max_seq_id) VALUES ('single:alice:bob', 1, 2), ('single:alice:ops-bot', 1, 0)",
  );
  await db.execute(
    `INSERT INTO t_session_member (session_id, username) VALUES
       ('single:alice:bob', 'alice'), ('single:alice:bob', 'bob'),
       ('single:alice:ops-bot', 'alice'), ('single:alice:ops-bot', 'ops-bot')`,
  );
  const deliveries: { gateway: string; to: string[]; case: string | undefined; bytes: string }[] =
    [];
  const hints: DeliveryItem["payload"][] = [];
  for (const gateway of ["g1", "g2"]) {
    bus.subscribe(`${topicOf(DeliverySchema)}.${gateway}`, (payload) => {
      for (const item of fromBinary(DeliverySchema, payload).items) {
        if (item.payload.case !== "message") hints.push(item.payload);
        const { case: kind, value } = item.payload;
        const bytes = kind === "message" ? toBinary(PushMessageSchema, value) : new Uint8Array();
        deliveries.push({
          gateway,
          to: item.toUsernames,
          case: kind,
          bytes: Buffer.from(bytes).toString("hex"),
        });
      }
    });
  }
  const errors: string[] = [];
  const noting = createLogger("task-test", "silent");
  noting.error = (_about: unknown, text?: string) => void errors.push(text ?? "");
  const startTask = (settings: Record<string, string> = {}) =>
    start({
      environment: {
        RESONANCE_MYSQL_URL: database.url,
        RESONANCE_NATS_URL: nats.url,
        ...settings,
      },
      log: noting,
      signal: AbortSignal.timeout(60_000),
    });
  const route = async (
    username: string,
    gateway: string,
    options: { silentSeconds?: number; stale?: boolean } = {},
  ) => {
    await db.execute(
      `INSERT INTO t_gateway (gateway_id, incarnation, last_seen_at)
       VALUES (?, 5, NOW(3) - INTERVAL ? SECOND) ON DUPLICATE KEY UPDATE last_seen_at = VALUES(last_seen_at)`,
      [gateway, options.silentSeconds ?? 0],
    );
    await db.execute(
      "INSERT INTO t_route (username, gateway_id, incarnation, connected_at) VALUES (?, ?, ?, NOW(3))",
      [username, gateway, options.stale ? 4 : 5],
    );
  };
  const inbox = () =>
    db.query(
      `SELECT owner_username AS owner, session_id AS sessionId, seq_id AS seqId, msg_id AS msgId, is_read AS isRead
         FROM t_inbox ORDER BY owner_username, seq_id`,
    );
  /** Holds up every statement on a table until disposed. */
  const lockTable = async (table: string): Promise<Disposable> => {
    const connection = await db.pool.getConnection();
    await connection.query(`LOCK TABLES ${table} WRITE`);
    return { [Symbol.dispose]: () => connection.destroy() };
  };
  /** Resolves when a statement on the table is held up. */
  const heldUp = (table: string) =>
    eventually(async () => {
      const waiting = await db.query(
        `SELECT id FROM information_schema.processlist
          WHERE db = DATABASE() AND state LIKE 'Waiting for table%' AND info LIKE ?`,
        [`%${table}%`],
      );
      expect(waiting).not.toEqual([]);
    });
  const closing = stack.move();
  return {
    db,
    bus,
    natsPort: Number(new URL(nats.url).port),
    lockTable,
    heldUp,
    deliveries,
    /** What was delivered and is no message. */
    hints,
    /** What Task has logged as errors. */
    errors,
    startTask,
    route,
    inbox,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function publish(task: Awaited<ReturnType<typeof openTestTask>>, hex: string, id: string) {
  return task.bus.publishStored(pushTopic, Buffer.from(hex, "hex"), id);
}

function publishDelivered(
  task: Awaited<ReturnType<typeof openTestTask>>,
  hex: string,
  delivered: string,
) {
  return task.bus.publishAllStored([
    {
      topic: pushTopic,
      payload: Buffer.from(hex, "hex"),
      id: hex + delivered,
      header: [deliveredHeader, delivered],
    },
  ]);
}

const inboxOfBoth = ["alice", "bob"].map((owner) => ({
  owner,
  sessionId: "single:alice:bob",
  seqId: 2n,
  msgId: 7421152536297500675n,
  isRead: 0,
}));

test("a message is in every member's inbox and delivered, byte for byte, where they are connected", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  await task.route("bob", "g1");

  await publish(task, plainPush, "1");

  await eventually(() => expect(task.deliveries).toHaveLength(1));
  expect(task.deliveries).toEqual([
    { gateway: "g1", to: ["bob"], case: "message", bytes: plainPush },
  ]);
  await eventually(async () => expect(await task.inbox()).toEqual(inboxOfBoth));
});

test("of a message that is delivered only the rows are written, and nobody is looked up", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  await task.route("bob", "g1");
  await task.db.execute("RENAME TABLE t_session_member TO t_elsewhere");

  await publishDelivered(task, plainPush, formatDelivered(["alice", "bob"] as Username[]));

  await eventually(async () => expect(await task.inbox()).toEqual(inboxOfBoth));
  expect(task.deliveries).toEqual([]);
  expect(task.errors).toEqual([]);
});

test("an event that names its people unreadably is set aside with its cause", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();

  await publishDelivered(task, plainPush, "[1]");
  await publish(task, systemPush, "2");

  await eventually(async () => expect(await task.inbox()).toHaveLength(2));
  const letters = await task.db.query("SELECT cause FROM t_dead_letter");
  expect(letters).toEqual([{ cause: expect.stringContaining("not a name") }]);
});

test("an announcement carries the session's name and type to all, the sender's devices too", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  await task.route("alice", "g1");
  await task.route("bob", "g1");
  await task.route("bob", "g2");

  await publish(task, systemPush, "1");

  await eventually(() => expect(task.deliveries).toHaveLength(2));
  expect(
    task.deliveries.toSorted((one, other) => one.gateway.localeCompare(other.gateway)),
  ).toEqual([
    { gateway: "g1", to: ["alice", "bob"], case: "message", bytes: systemMessage },
    { gateway: "g2", to: ["bob"], case: "message", bytes: systemMessage },
  ]);
});

test("what is stored after an outage is delivered before the gateways have reported again", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  await task.route("bob", "g1", { silentSeconds: 600 });

  await publish(task, plainPush, "1");

  await eventually(() => expect(task.deliveries).toMatchObject([{ gateway: "g1", to: ["bob"] }]));
});

test("a gateway that is long silent, or was started anew, gets nothing", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  await task.route("bob", "g1", { silentSeconds: 4_000 });
  await task.route("alice", "g2", { stale: true });

  await publish(task, plainPush, "1");

  await eventually(async () => expect(await task.inbox()).toEqual(inboxOfBoth));
  expect(task.deliveries).toEqual([]);
});

test("the same event three times is one inbox row, and later ones flow", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();

  for (const id of ["1", "2", "3"]) await publish(task, plainPush, id);
  await publish(task, systemPush, "4");

  await eventually(async () => expect(await task.inbox()).toHaveLength(4));
});

test("events that came while Task was stopped are fanned out when it starts", async () => {
  await using task = await openTestTask();
  const events = Array.from({ length: 100 }, (_, index) => {
    const event = create(PushEventSchema, {
      msgId: BigInt(index + 1),
      seqId: BigInt(index + 1),
      sessionId: "single:alice:bob",
      fromUsername: "alice",
      content: `message ${index}`,
    });
    return Buffer.from(toBinary(PushEventSchema, event)).toString("hex");
  });
  for (const [index, event] of events.entries()) await publish(task, event, `${index}`);

  await using _running = await task.startTask();

  await eventually(async () => expect(await task.inbox()).toHaveLength(200));
});

test("an event that cannot be decoded is set aside with its cause and holds up nobody", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();

  await publish(task, "ffffffff", "1");
  await publish(task, plainPush, "2");

  await eventually(async () => expect(await task.inbox()).toEqual(inboxOfBoth));
  const letters = await task.db.query<{ topic: string; payload: Buffer; cause: string }>(
    "SELECT topic, payload, cause FROM t_dead_letter",
  );
  expect(letters).toMatchObject([{ topic: pushTopic, payload: Buffer.from("ffffffff", "hex") }]);
  expect(letters[0]?.cause).not.toBe("");
});

test("an event that can be decoded and never be handled is set aside, too, and holds up nobody", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  const poison = create(PushEventSchema, { msgId: 1n, seqId: 1n, sessionId: " padded" });

  await publish(task, Buffer.from(toBinary(PushEventSchema, poison)).toString("hex"), "1");
  await publish(task, plainPush, "2");

  await eventually(async () => expect(await task.inbox()).toEqual(inboxOfBoth));
  await eventually(async () => {
    const letters = await task.db.query("SELECT cause FROM t_dead_letter");
    expect(letters).toEqual([{ cause: expect.stringContaining("not a session id") }]);
  });
});

test("events whose rows the database does not take are tried until it does", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  await task.db.execute("RENAME TABLE t_session_member TO t_elsewhere");
  await publish(task, plainPush, "1");
  await eventually(() => expect(task.errors).toContain("cannot fan out"));

  await task.db.execute("RENAME TABLE t_elsewhere TO t_session_member");

  await eventually(async () => expect(await task.inbox()).toEqual(inboxOfBoth), {
    timeoutMs: 10_000,
  });
  expect(await task.db.query("SELECT id FROM t_dead_letter")).toEqual([]);
});

test("what waits for the database to take its rows is delivered once, not at every try", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  await task.route("bob", "g1");
  await task.db.execute("RENAME TABLE t_inbox TO t_elsewhere");
  await publish(task, plainPush, "1");
  await eventually(() => expect(task.errors.length).toBeGreaterThanOrEqual(3), {
    timeoutMs: 10_000,
  });

  await task.db.execute("RENAME TABLE t_elsewhere TO t_inbox");

  await eventually(async () => expect(await task.inbox()).toEqual(inboxOfBoth), {
    timeoutMs: 10_000,
  });
  expect(task.deliveries).toHaveLength(1);
});

test("what was delivered over a connection to NATS that broke is delivered again", async () => {
  await using task = await openTestTask();
  await using proxy = await openTcpProxy(task.natsPort);
  await task.route("bob", "g1");
  using members = await task.lockTable("t_session_member");
  using inboxes = await task.lockTable("t_inbox");
  await using _running = await task.startTask({
    RESONANCE_NATS_URL: `nats://127.0.0.1:${proxy.port}`,
  });
  await publish(task, plainPush, "1");
  await task.heldUp("t_session_member");
  proxy.setWeather({ blackHole: true });
  members[Symbol.dispose]();
  await task.heldUp("t_inbox");
  const { taken } = proxy;
  proxy.cut();
  proxy.setWeather({});
  await eventually(() => expect(proxy.taken).toBeGreaterThan(taken));
  expect(task.deliveries).toEqual([]);

  inboxes[Symbol.dispose]();

  await eventually(() => expect(task.deliveries).toMatchObject([{ gateway: "g1", to: ["bob"] }]), {
    timeoutMs: 15_000,
  });
  expect(await task.inbox()).toEqual(inboxOfBoth);
});

test("a Task that stops in a backlog leaves the rest to the next one at once", async () => {
  await using task = await openTestTask();
  const count = 1_000;
  const events = Array.from({ length: count }, (_, index) =>
    toBinary(
      PushEventSchema,
      create(PushEventSchema, {
        msgId: BigInt(index + 1),
        seqId: BigInt(index + 1),
        sessionId: "single:alice:bob",
        fromUsername: "alice",
        content: "x",
      }),
    ),
  );
  await Promise.all(events.map((event, id) => task.bus.publishStored(pushTopic, event, `${id}`)));
  const rows = async () => {
    const [row] = await task.db.query<{ total: bigint }>("SELECT COUNT(*) AS total FROM t_inbox");
    return Number(row?.total);
  };

  const first = await task.startTask();
  await eventually(async () => expect(await rows()).toBeGreaterThan(0));
  await first[Symbol.asyncDispose]();
  await using _second = await task.startTask();

  // At once, not after the time that a dead worker is given; but for the one that nats-server 2.9
  // forgets when it is given back while nobody asks.
  const nearlyAll = 2 * (count - 1);
  await eventually(async () => expect(await rows()).toBeGreaterThanOrEqual(nearlyAll), {
    timeoutMs: 15_000,
  });
});

test("settings that are missing stop the start, all named at once", async () => {
  const context = { environment: {}, log, signal: AbortSignal.timeout(10_000) };

  await expect(start(context)).rejects.toThrow(/RESONANCE_MYSQL_URL.*RESONANCE_NATS_URL/s);
});

test("what cannot be decoded is kept whole, larger than any event of ours", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();

  await publish(task, "ff".repeat(300_000), "1");

  await eventually(async () => {
    const letters = await task.db.query<{ payload: Buffer }>("SELECT payload FROM t_dead_letter");
    expect(letters.map(({ payload }) => payload.length)).toEqual([300_000]);
  });
});

test("the bot has no inbox, and its progress reaches the asker without being stored", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  await task.route("alice", "g1");
  const progress = create(ProgressEventSchema, {
    sessionId: "single:alice:ops-bot",
    refMsgId: 7n,
    fromUsername: "ops-bot",
    text: "reading logs",
  });
  const answer = create(PushEventSchema, {
    msgId: 8n,
    seqId: 2n,
    sessionId: "single:alice:ops-bot",
    fromUsername: "ops-bot",
    content: "done",
  });

  task.bus.publish(topicOf(ProgressEventSchema), toBinary(ProgressEventSchema, progress));
  await publish(task, Buffer.from(toBinary(PushEventSchema, answer)).toString("hex"), "1");

  await eventually(() =>
    expect(task.deliveries.map((delivery) => delivery.case).toSorted()).toEqual([
      "message",
      "progress",
    ]),
  );
  await eventually(async () =>
    expect(await task.inbox()).toMatchObject([{ owner: "alice", seqId: 2n }]),
  );
});

/** A room of 300 people and the bot, of whom m007 joined first. */
async function makeHall({ db }: Awaited<ReturnType<typeof openTestTask>>): Promise<string[]> {
  await db.execute("INSERT INTO t_session (session_id, type, max_seq_id) VALUES ('hall', 2, 1)");
  const names = Array.from({ length: 300 }, (_, index) => `m${`${index}`.padStart(3, "0")}`);
  await db.execute("INSERT INTO t_session_member (session_id, username, joined_seq) VALUES ?", [
    ["ops-bot", ...names].map((name, at) => ["hall", name, name === "m007" ? 0 : at + 1]),
  ]);
  return names;
}

async function saySomethingIn(task: Awaited<ReturnType<typeof openTestTask>>, sessionId: string) {
  const event = create(PushEventSchema, { msgId: 9n, seqId: 1n, sessionId, content: "hi" });
  await publish(task, Buffer.from(toBinary(PushEventSchema, event)).toString("hex"), "1");
}

test("in a room of many members those who are there get a message, and one inbox tells of it", async () => {
  await using task = await openTestTask();
  await makeHall(task);
  await using _running = await task.startTask();
  await task.route("m003", "g1");
  await task.route("m003", "g2");
  await task.route("m299", "g1");
  await task.route("m100", "g2", { stale: true });

  await saySomethingIn(task, "hall");

  await eventually(async () =>
    expect(await task.inbox()).toMatchObject([{ owner: "m007", sessionId: "hall", seqId: 1n }]),
  );
  const reached = task.deliveries.map(({ gateway, to }) => [gateway, to.toSorted()]);
  expect(reached.toSorted()).toEqual([
    ["g1", ["m003", "m299"]],
    ["g2", ["m003"]],
  ]);
});

test("a message reaches everybody of a crowd whose names fill more than NATS takes at once", async () => {
  await using task = await openTestTask();
  const names = Array.from({ length: 12_000 }, (_, index) => `${"😀".repeat(22)}${index}`);
  await task.route("m0", "g1");
  await task.db.execute(
    "INSERT INTO t_session (session_id, type, max_seq_id) VALUES ('hall', 2, 1)",
  );
  await task.db.execute("INSERT INTO t_session_member (session_id, username) VALUES ?", [
    names.map((name) => ["hall", name]),
  ]);
  await task.db.execute(
    "INSERT INTO t_route (username, gateway_id, incarnation, connected_at) VALUES ?",
    [names.map((name) => [name, "g1", 5, new Date()])],
  );
  await using _running = await task.startTask();

  await saySomethingIn(task, "hall");

  await eventually(() => expect(task.deliveries.flatMap(({ to }) => to)).toHaveLength(12_000));
  expect(new Set(task.deliveries.flatMap(({ to }) => to))).toEqual(new Set(names));
  expect(task.errors).toEqual([]);
});

test("in a room of many members every inbox has a message where that is set", async () => {
  await using task = await openTestTask();
  const names = await makeHall(task);
  await using _running = await task.startTask({ RESONANCE_LARGE_ROOM_INBOXES: "every-member" });
  await task.route("m299", "g1");

  await saySomethingIn(task, "hall");

  await eventually(async () =>
    expect(await task.inbox()).toMatchObject(names.map((owner) => ({ owner, seqId: 1n }))),
  );
  expect(task.deliveries).toMatchObject([{ gateway: "g1", to: ["m299"] }]);
});

test("who writes is shown to the others in the session who are connected, once per gateway", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  for (const [name, gateway] of [
    ["alice", "g1"],
    ["bob", "g1"],
    ["bob", "g2"],
    ["eve", "g1"],
  ] as const) {
    await task.route(name, gateway);
  }
  const typing = (fromUsername: string) =>
    task.bus.publish(
      topicOf(TypingEventSchema),
      toBinary(
        TypingEventSchema,
        create(TypingEventSchema, { sessionId: "single:alice:bob", fromUsername }),
      ),
    );

  // Again until it is heard, as hints may be lost. Who is no member writes to nobody.
  await eventually(() => {
    typing("eve");
    typing("alice");
    expect(new Set(task.deliveries.map(({ gateway }) => gateway))).toEqual(new Set(["g1", "g2"]));
  });
  for (const { case: kind, to } of task.deliveries) expect([kind, to]).toEqual(["typing", ["bob"]]);
  expect(await task.inbox()).toEqual([]);
});

test("who comes or leaves is told to those who share a one-to-one session, as it is now", async () => {
  await using task = await openTestTask();
  await using _running = await task.startTask();
  await task.route("alice", "g1");
  await task.route("bob", "g2");
  const changed = (...usernames: string[]) =>
    task.bus.publish(
      topicOf(PresenceEventSchema),
      toBinary(PresenceEventSchema, create(PresenceEventSchema, { usernames })),
    );

  // Again until it is heard, as hints may be lost.
  const hear = (online: boolean) =>
    eventually(() => {
      changed("bob", "nobody");
      const value = { username: "bob", online };
      expect(task.hints.at(-1)).toMatchObject({ case: "presence", value });
    });
  await hear(true);
  await task.db.execute("DELETE FROM t_route WHERE username = 'bob'");
  await hear(false);

  for (const { gateway, to } of task.deliveries) expect([gateway, to]).toEqual(["g1", ["alice"]]);
});
