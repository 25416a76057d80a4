import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A WebSocket of the bench's own, as cheap as can be: binary frames, no extensions. */
export type LeanWebSocket = {
  send(payload: Uint8Array): void;
  close(): void;
};

/** Connects, and calls `receive` for every data frame. Frames of the server come whole. */
export async function openWebSocket(
  url: URL,
  receive: (payload: Buffer) => void,
  closed: () => void,
): Promise<LeanWebSocket> {
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  socket.setNoDelay(true);
  socket.on("error", closed);
  await once(socket, "connect");
  socket.write(
    [
      `GET ${url.pathname}${url.search} HTTP/1.1`,
      `Host: ${url.host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      "",
      "",
    ].join("\r\n"),
  );
  const left = await answerOf(socket);
  readFrames(socket, left, receive);
  socket.on("close", closed);
  return {
    send: (payload) => socket.write(maskedFrame(2, payload)),
    close: () => socket.destroy(),
  };
}

/** What came after the head of a 101 answer. */
async function answerOf(socket: Socket): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for (;;) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const text = head.subarray(0, end).toString();
    if (!text.startsWith("HTTP/1.1 101")) throw new Error(`the gateway said ${text}`);
    return head.subarray(end + 4);
  }
}

const text = 1;
const binary = 2;
const ping = 9;
const pong = 10;

function readFrames(socket: Socket, first: Buffer, receive: (payload: Buffer) => void): void {
  let waiting = first;
  const take = (chunk: Buffer) => {
    let bytes = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    for (;;) {
      const frame = frameAt(bytes);
      if (!frame) break;
      if (frame.opcode === text || frame.opcode === binary) receive(frame.payload);
      else if (frame.opcode === ping) socket.write(maskedFrame(pong, frame.payload));
      bytes = bytes.subarray(frame.bytes);
    }
    waiting = bytes;
  };
  socket.on("data", take);
  take(Buffer.alloc(0));
}

function frameAt(bytes: Buffer) {
  if (bytes.length < 2) return undefined;
  const opcode = bytes.readUInt8(0) & 15;
  const short = bytes.readUInt8(1) & 127;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < head) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < head + length) return undefined;
  return { opcode, payload: bytes.subarray(head, head + length), bytes: head + length };
}

function maskedFrame(opcode: number, payload: Uint8Array): Buffer {
  const head = payload.length < 126 ? 2 : 4;
  if (payload.length > 65_535) throw new TypeError("the bench sends no frames of this size");
  // A mask of zeros: it leaves the payload as it is, and costs neither side anything.
  const frame = Buffer.alloc(head + 4 + payload.length);
  frame.writeUInt8(0x80 | opcode, 0);
  frame.writeUInt8(0x80 | (head === 2 ? payload.length : 126), 1);
  if (head === 4) frame.writeUInt16BE(payload.length, 2);
  frame.set(payload, head + 4);
  return frame;
}
