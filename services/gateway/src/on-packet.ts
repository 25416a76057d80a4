import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { failpoint, type Logger, type Tracing } from "@resonance/kit";
import {
  type Ack,
  AckSchema,
  type ChatRequest,
  type WsPacket,
  WsPacketSchema,
} from "@resonance/mq-proto/gateway";
import type { Connection } from "./connection.ts";
import { frameOf } from "./frame.ts";
import type { LimitedLog } from "./limited-log.ts";
import type { Limits } from "./limits.ts";
import type { LogicClients } from "./logic-clients.ts";
import type { GatewayMetrics } from "./metrics.ts";
import { busy, sendChat } from "./send-chat.ts";
import type { TypingHints } from "./typing-hints.ts";

export type PacketDeps = {
  readonly logic: Pick<LogicClients, "chat">;
  readonly limits: Limits;
  readonly typing: TypingHints;
  readonly metrics: GatewayMetrics;
  readonly tracing?: Tracing | undefined;
  readonly log: Logger;
  readonly limitedLog: LimitedLog;
};

const pulseReply = frameOf(
  toBinary(WsPacketSchema, create(WsPacketSchema, { payload: { case: "pulse", value: {} } })),
);

/**
 * Handles one packet of a client: a pulse is answered by a pulse, a chat by exactly one Ack, and
 * everything else by nothing, with the connection left as it is. That somebody is writing is passed
 * on.
 */
export async function onPacket(
  deps: PacketDeps,
  connection: Connection,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const packet = decode(deps, connection, bytes);
  if (!packet) return;
  const { payload } = packet;
  switch (payload.case) {
    case "pulse":
      connection.send(pulseReply);
      deps.metrics.countPacket("pulse", "answered");
      return;
    case "chat":
      return await onChat(deps, connection, packet.seq, payload.value, signal);
    case "typing": {
      const isPassedOn = deps.typing.pass(connection.username, payload.value.sessionId);
      deps.metrics.countPacket("typing", isPassedOn ? "passed_on" : "ignored");
      return;
    }
    case "ack":
    case "push":
    case "progress":
    case "presence":
    case undefined:
      deps.metrics.countPacket(payload.case ?? "no_payload", "ignored");
      deps.log.debug({ connectionId: connection.id, kind: payload.case }, "packet ignored");
      return;
    default:
      payload satisfies never;
  }
}

async function onChat(
  deps: PacketDeps,
  connection: Connection,
  seq: string,
  chat: ChatRequest,
  signal: AbortSignal,
): Promise<void> {
  if (!deps.limits.allowsMessage(connection.username)) {
    acknowledge(connection, create(AckSchema, { refSeq: seq, sessionId: chat.sessionId, ...busy }));
    deps.metrics.countPacket("chat", "limited");
    return;
  }
  connection.echo.begin(chat.sessionId);
  const answer = (ack: Ack) => {
    failpoint("gateway.before_ack");
    acknowledge(connection, ack);
    for (const held of connection.echo.settle(ack.msgId)) connection.send(held);
  };
  const outcome = await sendChat(deps, connection, { seq, chat }, answer, signal);
  deps.metrics.countPacket("chat", outcome);
}

function acknowledge(connection: Connection, ack: Ack): void {
  const packet = create(WsPacketSchema, {
    seq: ack.refSeq,
    payload: { case: "ack", value: ack },
  });
  connection.send(frameOf(toBinary(WsPacketSchema, packet)));
}

function decode(deps: PacketDeps, connection: Connection, bytes: Uint8Array): WsPacket | undefined {
  try {
    return fromBinary(WsPacketSchema, bytes);
  } catch (error) {
    deps.metrics.countPacket("undecodable", "ignored");
    deps.limitedLog.warn(
      {
        connectionId: connection.id,
        username: connection.username,
        bytes: bytes.length,
        reason: error instanceof Error ? error.message : String(error),
      },
      "packet cannot be decoded",
    );
    return undefined;
  }
}
