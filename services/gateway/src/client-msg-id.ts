import { createHash } from "node:crypto";
import { parseClientMsgId } from "@resonance/mq-proto";

/**
 * The `client_msg_id` of a chat packet: the client's own (Logic judges it), else one from the
 * connection and the packet's seq, so that a repeat on the connection is one message and two
 * connections that both count from 1 never meet. Without a seq nothing says that two packets are
 * the same, so `count`, different for each packet, keeps them apart.
 */
export function clientMsgIdOf(
  packet: { readonly seq: string; readonly clientMsgId: string },
  connectionId: string,
  count: number,
): string {
  if (packet.clientMsgId !== "") return packet.clientMsgId;
  if (packet.seq === "") return `n:${connectionId}:${count}`;
  const derived = `c:${connectionId}:${packet.seq}`;
  if (isClientMsgId(derived)) return derived;
  // Any seq must do: over-long ones and those with control characters are replaced by their hash.
  return `h:${connectionId}:${createHash("sha256").update(packet.seq).digest("base64url")}`;
}

function isClientMsgId(value: string): boolean {
  try {
    parseClientMsgId(value);
    return true;
  } catch {
    return false;
  }
}
