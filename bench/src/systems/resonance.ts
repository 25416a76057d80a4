import { fork } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { WsPacketSchema } from "@resonance/mq-proto/gateway";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { freePorts } from "@resonance/testkit";
import { type LeanWebSocket, openWebSocket } from "../clients/web-socket.ts";
import { type Ground, sessionOf } from "../ground.ts";
import { type ChatSystem, type OpenChatSystem, type Pair, textOf } from "./chat-system.ts";

export type OpenResonance = OpenChatSystem & {
  /** The process ids by service. */
  readonly pids: Readonly<Record<string, number>>;
  /** A socket of this user that gives every packet's bytes. */
  connect(username: string, receive: (bytes: Buffer) => void): Promise<LeanWebSocket>;
};

export type Resonance = Omit<ChatSystem, "open"> & {
  open(signal: AbortSignal): Promise<OpenResonance>;
};

const secretKey = "a secret of thirty-two bytes, or more";
const services = ["logic", "task", "gateway"] as const;

/** Logic, Task and Gateway as `npm start` runs them, without rate limits. */
export function resonance(ground: Ground, profileFolder?: string): Resonance {
  return {
    name: "resonance",
    async open(signal) {
      await using stack = new AsyncDisposableStack();
      const ports = await freePorts(["logic", "http", "push"]);
      const keys = makeTestServiceKeys();
      const pids: Record<string, number> = {};
      for (const service of services) {
        const child = fork(join(import.meta.dirname, `../../../services/${service}/src/main.ts`), {
          env: {
            RESONANCE_MYSQL_URL: ground.mysqlUrl,
            RESONANCE_NATS_URL: ground.natsUrl,
            RESONANCE_LOGIC_LISTEN: `127.0.0.1:${ports.logic}`,
            RESONANCE_LOGIC_ADDRESS: `127.0.0.1:${ports.logic}`,
            RESONANCE_HTTP_LISTEN: `127.0.0.1:${ports.http}`,
            RESONANCE_GATEWAY_LISTEN: `127.0.0.1:${ports.push}`,
            RESONANCE_AUTH_SECRET_KEY: secretKey,
            RESONANCE_LIMIT_REQUESTS_PER_IP: "off",
            RESONANCE_LIMIT_SIGN_INS_PER_IP: "off",
            RESONANCE_LIMIT_CALLS_PER_USER: "off",
            RESONANCE_LIMIT_MESSAGES_PER_USER: "off",
            ...keys.settingsOf(service),
          },
          execArgv:
            profileFolder === undefined
              ? []
              : [
                  "--cpu-prof",
                  `--cpu-prof-dir=${profileFolder}`,
                  `--cpu-prof-name=${service}-${process.pid}-${Date.now()}.cpuprofile`,
                ],
          // What is logged is written, and read by nobody.
          stdio: ["ignore", ground.logFile, "inherit", "ipc"],
        });
        pids[service] = child.pid ?? 0;
        stack.defer(async () => {
          child.kill("SIGTERM");
          if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
        });
        await once(child, "message", { signal });
      }
      const connect = (username: string, receive: (bytes: Buffer) => void) => {
        const url = new URL(`http://127.0.0.1:${ports.http}/ws?token=${tokenOf(username)}`);
        return openWebSocket(url, receive, () => undefined);
      };
      const closing = stack.move();
      return {
        pids,
        connect,
        openPair: (index) => openPair(connect, index),
        [Symbol.asyncDispose]: () => closing.disposeAsync(),
      };
    },
  };
}

async function openPair(connect: OpenResonance["connect"], index: number): Promise<Pair> {
  const { person, pair } = sessionOf(index);
  const waiting = new Map<string, Arrival>();
  const note = (clientMsgId: string, what: "isAcked" | "isDelivered", error = "") => {
    const arrival = waiting.get(clientMsgId);
    if (!arrival) return;
    if (error !== "") arrival.reject(new Error(error));
    arrival[what] = true;
    if (!arrival.isAcked || !arrival.isDelivered) return;
    waiting.delete(clientMsgId);
    arrival.resolve();
  };
  const sender = await connect(person, (bytes) => {
    const { payload } = fromBinary(WsPacketSchema, bytes);
    if (payload.case === "ack") note(payload.value.refSeq, "isAcked", payload.value.error);
  });
  const receiver = await connect(`q${index}`, (bytes) => {
    const { payload } = fromBinary(WsPacketSchema, bytes);
    if (payload.case === "push") note(payload.value.clientMsgId, "isDelivered");
  });
  return {
    send: (count) =>
      new Promise((resolve, reject) => {
        const id = `${process.pid}.${count}`;
        waiting.set(id, { resolve, reject, isAcked: false, isDelivered: false });
        sender.send(chatPacket(id, pair, textOf(count)));
      }),
    close: () => {
      sender.close();
      receiver.close();
    },
  };
}

type Arrival = {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  isAcked: boolean;
  isDelivered: boolean;
};

/** `id` is the packet's seq and the client's id of the message. */
export function chatPacket(id: string, sessionId: string, content: string): Uint8Array {
  const packet = create(WsPacketSchema, {
    seq: id,
    payload: { case: "chat", value: { sessionId, content, type: "text", clientMsgId: id } },
  });
  return toBinary(WsPacketSchema, packet);
}

function tokenOf(username: string): string {
  const issuedAt = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: "resonance-service",
    sub: username,
    exp: issuedAt + 24 * 60 * 60,
    iat: issuedAt,
    roles: ["user"],
  };
  const parts = [{ alg: "HS256", typ: "JWT" }, claims];
  const text = parts
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${createHmac("sha256", secretKey).update(text).digest("base64url")}`;
}
