import { fromBinary } from "@bufbuild/protobuf";
import { WsPacketSchema } from "@resonance/mq-proto/gateway";
import type { Figures } from "../case.ts";
import type { LeanWebSocket } from "../clients/web-socket.ts";
import type { Ground } from "../ground.ts";
import { textOf } from "../systems/chat-system.ts";
import { chatPacket, type Resonance } from "../systems/resonance.ts";

export type Room = {
  readonly sessionId: string;
  readonly members: number;
  readonly online: number;
  /** How many of those who are online write, each as soon as all have his last message. */
  readonly writers: number;
};

/** Makes the room of the first people, if it is not there. */
export async function makeRoom({ db, nameOf }: Ground, room: Room): Promise<void> {
  await db.execute(
    `INSERT IGNORE INTO t_session (session_id, type, name, owner_username) VALUES (?, 2, 'room', ?)`,
    [room.sessionId, nameOf(0)],
  );
  const rows = Array.from({ length: room.members }, (_, index) => [room.sessionId, nameOf(index)]);
  for (let first = 0; first < rows.length; first += 1_000) {
    await db.execute("INSERT IGNORE INTO t_session_member (session_id, username) VALUES ?", [
      rows.slice(first, first + 1_000),
    ]);
  }
}

const warmUpMs = 1_500;
let count = 0;

/** Messages into one room, until everybody who is online has each of them. */
export async function measureRoom(
  system: Resonance,
  ground: Ground,
  room: Room,
  seconds: number,
  signal: AbortSignal,
): Promise<Figures> {
  await makeRoom(ground, room);
  await using open = await system.open(signal);
  const arrivals = new Map<string, { left: number; done: () => void }>();
  let deliveries = 0;
  let watching: (bytes: Buffer) => void = () => undefined;
  const sockets: LeanWebSocket[] = [];
  // The first socket reads what it gets; the others count, which costs the bench little.
  for (let index = 0; index < room.online; index++) {
    const receive = (bytes: Buffer) => {
      deliveries += 1;
      watching(bytes);
    };
    sockets.push(await open.connect(ground.nameOf(index), receive));
  }
  watching = (bytes) => {
    const id = markOf(bytes);
    const arrival = id === undefined ? undefined : arrivals.get(id);
    if (!arrival) return;
    arrival.left -= 1;
    if (arrival.left === 0) arrival.done();
  };
  const startsAtMs = performance.now() + warmUpMs;
  const endsAtMs = startsAtMs + seconds * 1_000;
  let before = 0;
  setTimeout(() => {
    before = deliveries;
  }, warmUpMs);
  let messages = 0;
  const write = async (index: number) => {
    while (performance.now() < endsAtMs) {
      const id = `r${String(++count).padStart(9, "0")}`;
      await new Promise<void>((done) => {
        // The writer has an Ack instead of the message itself.
        arrivals.set(id, { left: room.online, done });
        sockets[index]?.send(chatPacket(id, room.sessionId, textOf(count)));
      });
      arrivals.delete(id);
      if (performance.now() >= startsAtMs && performance.now() <= endsAtMs) messages += 1;
    }
  };
  const ending = new Promise<number>((resolve) => {
    setTimeout(() => resolve(deliveries - before), warmUpMs + seconds * 1_000);
  });
  await Promise.all(Array.from({ length: room.writers }, (_, index) => write(index)));
  const delivered = await ending;
  for (const socket of sockets) socket.close();
  return {
    deliveries_per_second: delivered / seconds,
    ms_per_message: (seconds * 1_000) / messages,
  };
}

/** The client's id of a push or Ack, found without decoding what 500 sockets get. */
function markOf(bytes: Buffer): string | undefined {
  const at = bytes.indexOf("r0");
  if (at >= 0) return bytes.toString("latin1", at, at + 10);
  const { payload } = fromBinary(WsPacketSchema, bytes);
  if (payload.case === "ack" && payload.value.error !== "") throw new Error(payload.value.error);
  return undefined;
}
