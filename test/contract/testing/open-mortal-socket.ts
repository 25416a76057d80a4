import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import type { ContractTarget } from "./contract-target.ts";
import { bytesOf } from "./golden.ts";
import { wsUrl } from "./open-raw-socket.ts";

/** A WebSocket over a bare TCP socket, which can end as one does whose process is killed. */
export type MortalSocket = {
  /** At most 125 bytes. */
  sendHex(hex: string): void;
  /** Ends the TCP connection without a close frame. */
  kill(): void;
};

export async function openMortalSocket(
  target: Pick<ContractTarget, "httpUrl">,
  account: { readonly token: string },
): Promise<MortalSocket> {
  const url = new URL(wsUrl(target, account.token));
  const socket = connect(Number(url.port || 80), url.hostname);
  // Killing it is the purpose; what that does to it is no error.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const [answer] = await once(socket, "data");
  if (!String(answer).startsWith("HTTP/1.1 101")) throw new Error(`no upgrade: ${answer}`);
  return {
    sendHex(hex) {
      const payload = bytesOf(hex);
      if (payload.length > 125) throw new RangeError(`${payload.length} bytes in a short frame`);
      // One final binary frame, masked with zeros.
      socket.write(Uint8Array.from([0x82, 0x80 | payload.length, 0, 0, 0, 0, ...payload]));
    },
    kill: () => socket.resetAndDestroy(),
  };
}
