import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type Ack,
  type ChatRequestSchema,
  type Progress,
  type PushMessage,
  type WsPacket,
  WsPacketSchema,
} from "@resonance/mq-proto/gateway";
import { eventually } from "@resonance/testkit";
import type { ContractTarget } from "./contract-target.ts";
import { bytesOf, hexOf, toHex } from "./golden.ts";

/** A WebSocket as a browser has it, without any client of ours. */
export type RawSocket = AsyncDisposable & {
  /** What came, as hex, in the order of arrival, without the hint that pushes may be lost. */
  readonly frames: readonly string[];
  readonly isOpen: boolean;
  sendHex(hex: string): void;
  chat(seq: string, chat: MessageInitShape<typeof ChatRequestSchema>): void;
  packets(): WsPacket[];
  acks(): Ack[];
  pushes(): PushMessage[];
  progress(): Progress[];
  /** The first Ack of this seq. */
  ackOf(seq: string): Promise<Ack>;
  /** The first push that this is true of. */
  pushWhere(matches: (push: PushMessage) => boolean): Promise<PushMessage>;
  /** Sends a pulse and waits for its answer: everything sent before is handled by then. */
  settle(): Promise<void>;
  close(): void;
};

const arrivesWithin = { timeoutMs: 10_000 };

// A server of ours gives it at any time, for instance after the restart of a test before this one.
const missed = "52020801";

export async function openRawSocket(
  target: Pick<ContractTarget, "httpUrl">,
  account: { readonly token: string },
): Promise<RawSocket> {
  const socket = new WebSocket(wsUrl(target, account.token));
  socket.binaryType = "arraybuffer";
  const frames: string[] = [];
  const closed = new Promise<void>((resolve) => socket.addEventListener("close", () => resolve()));
  socket.addEventListener("message", ({ data }) => {
    const hex = toHex(new Uint8Array(data));
    if (hex !== missed) frames.push(hex);
  });
  await eventually(() => socket.readyState === WebSocket.OPEN, arrivesWithin);
  const packets = () => frames.map((hex) => fromBinary(WsPacketSchema, bytesOf(hex)));
  const acks = () =>
    packets().flatMap(({ payload }) => (payload.case === "ack" ? [payload.value] : []));
  const pushes = () =>
    packets().flatMap(({ payload }) => (payload.case === "push" ? [payload.value] : []));
  const progress = () =>
    packets().flatMap(({ payload }) => (payload.case === "progress" ? [payload.value] : []));
  const pulses = () => frames.filter((hex) => hex === hexOf.V4).length;
  const sendHex = (hex: string) => socket.send(bytesOf(hex));
  return {
    frames,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    sendHex,
    chat: (seq, chat) => sendHex(chatHex(seq, chat)),
    packets,
    acks,
    pushes,
    progress,
    ackOf: (seq) => first(`an Ack of ${seq}`, () => acks().find((ack) => ack.refSeq === seq)),
    pushWhere: (matches) => first("such a push", () => pushes().find(matches)),
    async settle() {
      const before = pulses();
      sendHex(hexOf.V5);
      await eventually(() => pulses() > before, arrivesWithin);
    },
    close: () => socket.close(),
    async [Symbol.asyncDispose]() {
      socket.close();
      await closed;
    },
  };
}

export function wsUrl(target: Pick<ContractTarget, "httpUrl">, token: string): string {
  return `${target.httpUrl.replace(/^http/, "ws")}/ws?token=${token}`;
}

export function chatHex(seq: string, chat: MessageInitShape<typeof ChatRequestSchema>): string {
  const packet = create(WsPacketSchema, { seq, payload: { case: "chat", value: chat } });
  return toHex(toBinary(WsPacketSchema, packet));
}

function first<Value>(what: string, find: () => Value | undefined): Promise<Value> {
  return eventually(() => {
    const found = find();
    if (found === undefined) throw new Error(`there is not ${what}`);
    return found;
  }, arrivesWithin) as Promise<Value>;
}
