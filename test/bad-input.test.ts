import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { createApi, register, signIn } from "@resonance/client";
import { limits } from "@resonance/mq-proto";
import { ChatRequestSchema, type WsPacket, WsPacketSchema } from "@resonance/mq-proto/gateway";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";

let stack: TestStack;
let token: string;
const signal = AbortSignal.timeout(300_000);
const session = "single:alice:ops-bot";

beforeAll(async () => {
  stack = await openTestStack();
  const account = { username: "alice", password: "a good password" };
  ({ accessToken: token } = await register(stack.url, account, signal));
}, 120_000);
afterAll(() => stack?.[Symbol.asyncDispose]());

/** A bare socket: what a client of anybody's making can send. */
async function openSocket() {
  const socket = new WebSocket(`${stack.url.replace("http", "ws")}/ws?token=${token}`);
  socket.binaryType = "arraybuffer";
  const packets: WsPacket[] = [];
  let closeCode = 0;
  socket.addEventListener("message", ({ data }) =>
    packets.push(fromBinary(WsPacketSchema, new Uint8Array(data))),
  );
  socket.addEventListener("close", ({ code }) => {
    closeCode = code;
  });
  await eventually(() => expect(socket.readyState).toBe(WebSocket.OPEN));
  return {
    packets,
    closeCode: () => closeCode,
    send: (bytes: Uint8Array) => socket.send(new Uint8Array(bytes)),
    chat(seq: string, request: MessageInitShape<typeof ChatRequestSchema>) {
      const value = create(ChatRequestSchema, { sessionId: session, ...request });
      socket.send(
        toBinary(WsPacketSchema, create(WsPacketSchema, { seq, payload: { case: "chat", value } })),
      );
    },
    async ackOf(seq: string) {
      return await eventually(() => {
        const packet = packets.find(
          (candidate) => candidate.payload.case === "ack" && candidate.seq === seq,
        );
        if (packet?.payload.case !== "ack") throw new Error(`no ack of ${seq}`);
        return packet.payload.value;
      });
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

function signUp(username: string, password = "a good password") {
  return register(stack.url, { username, password }, signal);
}

test.each([
  ["ops-bot", "name_reserved"],
  ["system", "name_reserved"],
  ["a:b", "name_has_forbidden_character"],
  ["a\u0001b", "name_has_forbidden_character"],
  ["x".repeat(29), "name_too_long"],
  ["alice", "name_taken"],
])("the name %j is refused with the reason %s", async (username, reason) => {
  await expect(signUp(username)).rejects.toMatchObject({ reason });
});

test("a wrong password is refused like an unknown name", async () => {
  const wrong = signIn(stack.url, { username: "alice", password: "wrong password" }, signal);
  const unknown = signIn(stack.url, { username: "nobody", password: "wrong password" }, signal);

  const refused = { status: "rejected", reason: { reason: "bad_credentials" } };
  expect(await Promise.allSettled([wrong, unknown])).toMatchObject([refused, refused]);
});

test.each([
  ["an empty message", { content: "" }, "message_empty"],
  ["a message of spaces", { content: " \n " }, "message_empty"],
  ["an unknown session", { content: "x", sessionId: "single:a:b" }, "not_a_member"],
  ["a session of others", { content: "x", sessionId: "single:admin:ops-bot" }, "not_a_member"],
  [
    "a question in another's name",
    { content: "x", sessionId: "single:admin:ops-bot", fromUsername: "admin" },
    "not_a_member",
  ],
  ["a type of the server", { content: "x", type: "system" }, "message_type_reserved"],
  ["a type of a card", { content: "x", type: "interactive" }, "message_type_reserved"],
])("%s gets an Ack that says why", async (what, request, reason) => {
  using socket = await openSocket();

  socket.chat(what, request);

  expect(await socket.ackOf(what)).toMatchObject({
    errorReason: reason,
    msgId: 0n,
    seqId: 0n,
    error: expect.stringMatching(/./),
  });
});

test("the longest message is stored whole, and a longer one gets an Ack with the limit", async () => {
  using socket = await openSocket();
  const longest = `${"汉".repeat(21_666)}ab`;

  socket.chat("fits", { content: longest });
  socket.chat("too long", { content: `${longest}c` });

  expect(await socket.ackOf("fits")).toMatchObject({ error: "", errorReason: "" });
  const refused = await socket.ackOf("too long");
  expect(refused.errorReason).toBe("message_too_long");
  expect(refused.error).toContain(String(limits.contentMaxBytes));
  const { seqId } = await socket.ackOf("fits");
  const api = createApi(stack.url, token);
  const { messages } = await api.getHistoryMessages(
    { sessionId: session, limit: 1n, beforeSeq: seqId + 1n },
    { signal },
  );
  expect(messages[0]?.content).toBe(longest);
});

test("a client id that was used for another message is a conflict, and stores nothing", async () => {
  using socket = await openSocket();
  const clientMsgId = `used ${Date.now()}`;
  socket.chat("first", { content: "one", clientMsgId });
  const { seqId } = await socket.ackOf("first");

  socket.chat("conflict", { content: "other", clientMsgId });
  socket.chat("again", { content: "one", clientMsgId });

  const conflict = { msgId: 0n, seqId: 0n, errorReason: "client_msg_id_conflict" };
  expect(await socket.ackOf("conflict")).toMatchObject(conflict);
  expect(await socket.ackOf("again")).toMatchObject({ seqId, errorReason: "" });
});

test("a frame over 128 KiB closes the connection as too big, and nothing of it is stored", async () => {
  using socket = await openSocket();

  socket.send(new Uint8Array(limits.frameMaxBytes + 1));

  await eventually(() => expect(socket.closeCode()).toBe(1009));
});

test("packets that cannot be decoded are passed over, and the connection stays", async () => {
  using socket = await openSocket();
  const pulse = Buffer.from("0a176865617274626561742d313736393334303634333030305200", "hex");

  for (const bytes of ["ffffffff", "0a02fffe5200", "0a0161", ""])
    socket.send(Buffer.from(bytes, "hex"));
  socket.send(pulse);

  // The bot may just be answering what an earlier test has said.
  const answers = () =>
    socket.packets.filter(({ payload }) => payload.case === "pulse" || payload.case === "ack");
  await eventually(() => expect(answers()).toHaveLength(1));
  const [answer = create(WsPacketSchema)] = answers();
  expect(Buffer.from(toBinary(WsPacketSchema, answer)).toString("hex")).toBe("5200");
});

test("a sender cannot be somebody else", async () => {
  using socket = await openSocket();
  const value = create(ChatRequestSchema, {
    sessionId: session,
    fromUsername: "admin",
    content: "it is me",
  });

  socket.send(
    toBinary(
      WsPacketSchema,
      create(WsPacketSchema, { seq: "s", payload: { case: "chat", value } }),
    ),
  );

  const { seqId } = await socket.ackOf("s");
  const api = createApi(stack.url, token);
  const { messages } = await api.getHistoryMessages(
    { sessionId: session, limit: 1n, beforeSeq: seqId + 1n },
    { signal },
  );
  expect(messages).toMatchObject([{ fromUsername: "alice", content: "it is me" }]);
});

test("a stranger reads nothing", async () => {
  const { accessToken } = await signUp("eve");
  const api = createApi(stack.url, accessToken);

  await expect(api.getHistoryMessages({ sessionId: session }, { signal })).rejects.toMatchObject({
    reason: "not_a_member",
  });
  await expect(
    createApi(stack.url, "not.a.token").getSessionList({}, { signal }),
  ).rejects.toMatchObject({ reason: "not_signed_in" });
});
