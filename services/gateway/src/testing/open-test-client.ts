import { once } from "node:events";
import type { Socket } from "node:net";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type Ack,
  type ChatRequestSchema,
  type PushMessage,
  WsPacketSchema,
} from "@resonance/mq-proto/gateway";
import { eventually } from "@resonance/testkit";
import { type ClientOptions, WebSocket } from "ws";

/** A bare WebSocket that remembers what came. */
export type TestClient = AsyncDisposable & {
  readonly socket: WebSocket;
  /** As hex, in the order of arrival. */
  readonly frames: string[];
  /** The close code, once it is closed. */
  readonly closed: Promise<number>;
  send(bytes: Uint8Array | string): void;
  sendHex(hex: string): void;
  chat(seq: string, chat: MessageInitShape<typeof ChatRequestSchema>): void;
  acks(): Ack[];
  pushes(): PushMessage[];
  /** Sends a pulse and waits for the answer, so that all that was sent before is handled. */
  settle(): Promise<void>;
  /** Goes away without a word. */
  vanish(): void;
};

const pulse = "5200";

export async function openTestClient(
  url: string,
  options: ClientOptions = {},
): Promise<TestClient> {
  const socket = new WebSocket(url, options);
  const frames: string[] = [];
  let transport: Socket | undefined;
  socket.on("upgrade", (response) => {
    transport = response.socket;
  });
  socket.on("message", (data: Buffer) => frames.push(data.toString("hex")));
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await once(socket, "open");
  socket.on("error", () => undefined);
  const packets = () => frames.map((hex) => fromBinary(WsPacketSchema, Buffer.from(hex, "hex")));
  const send = (bytes: Uint8Array | string) => socket.send(bytes);
  return {
    socket,
    frames,
    closed,
    send,
    sendHex: (hex) => send(Buffer.from(hex, "hex")),
    chat: (seq, chat) =>
      send(
        toBinary(
          WsPacketSchema,
          create(WsPacketSchema, { seq, payload: { case: "chat", value: chat } }),
        ),
      ),
    acks: () => packets().flatMap(({ payload }) => (payload.case === "ack" ? [payload.value] : [])),
    pushes: () =>
      packets().flatMap(({ payload }) => (payload.case === "push" ? [payload.value] : [])),
    async settle() {
      const before = frames.filter((frame) => frame === pulse).length;
      send(Buffer.from(pulse, "hex"));
      await eventually(() => {
        if (frames.filter((frame) => frame === pulse).length <= before) throw new Error("no pulse");
      });
    },
    vanish: () => transport?.resetAndDestroy(),
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}
