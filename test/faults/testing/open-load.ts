import { setInterval as every } from "node:timers/promises";
import { register } from "@resonance/client";
import { singleSessionId, type Username } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { History, usernameOf } from "./history.ts";
import { type Device, openDevice } from "./open-device.ts";

/** People who talk with each other and with the bot, over the browser's surface. */
export type Load = AsyncDisposable & {
  readonly history: History;
  readonly devices: readonly Device[];
  /** The session of everybody but the outsider. */
  readonly group: string;
  /**
   * Sends at `perSecond` while `work` runs, with a quiet stretch of some messages before and after
   * it, and resolves when everything that was sent is stored.
   */
  during(work: (load: Running) => Promise<void>): Promise<Sending>;
  /** Asks the server for what the checker compares: unread counts, and sessions of others. */
  inspect(): Promise<void>;
  /**
   * One more device, which sends nothing by itself, at the load's gateway or at another one.
   * Somebody who is not there yet gets an account.
   */
  openDevice(name: string, url?: string): Promise<Device>;
  /** The token of somebody, who gets an account if need be. */
  tokenOf(username: string): Promise<string>;
};

/** What can be known while it runs. */
export type Running = {
  readonly acked: () => number;
  /** What is sent and not stored yet. */
  readonly waiting: () => number;
  readonly signal: AbortSignal;
};

export type Sent = { readonly atMs: number; readonly tookMs: number; readonly failures: number };

/** What became of what was sent. Times are of `performance.now()`. */
export type Sending = {
  readonly sent: readonly Sent[];
  /** When `work` began and ended. */
  readonly fromMs: number;
  readonly toMs: number;
};

const people = ["alice", "bob", "carol", "dave"] as const;
const outsider = "eve";
const quietMessages = 40;
// More than an outage of a minute at full rate leaves waiting.
const maxUnderWay = 3_000;
const storedWithinMs = 90_000;

export async function openLoad(
  options: { readonly baseUrl: string; readonly perSecond: number },
  signal: AbortSignal,
): Promise<Load> {
  const { baseUrl, perSecond } = options;
  await using opening = new AsyncDisposableStack();
  const history = new History();
  const closing = new AbortController();
  opening.defer(() => closing.abort(new Error("the load is closed")));
  const life = AbortSignal.any([signal, closing.signal]);
  const tokens = new Map<string, string>();
  const tokenOf = async (username: string) => {
    const account = { username, password: "a good password" };
    const token = tokens.get(username) ?? (await register(baseUrl, account, life)).accessToken;
    tokens.set(username, token);
    return token;
  };
  for (const username of [...people, outsider]) await tokenOf(username);
  const devices: Device[] = [];
  opening.defer(async () => {
    for (const device of devices) await device[Symbol.asyncDispose]();
  });
  const add = async (name: string, url = baseUrl) => {
    const token = await tokenOf(usernameOf(name));
    const device = await openDevice({ baseUrl: url, token, name, history }, life);
    devices.push(device);
    return device;
  };
  const first = await add("alice/1");
  const { sessionId: group } = await first.api.createSession(
    { members: [...people.slice(1), "ops-bot"], name: "the load", type: 2 },
    { signal: life },
  );
  for (const peer of ["bob", "carol"]) {
    await first.api.createSession({ members: [peer], type: 1 }, { signal: life });
  }
  for (const username of people) {
    for (const number of username === "alice" ? [2] : [1, 2]) {
      await add(`${username}/${number}`);
    }
  }
  const stranger = await add(`${outsider}/1`);
  const open = opening.move();
  const talk = new Talk(devices, group);
  return {
    history,
    devices,
    group,
    openDevice: add,
    tokenOf,
    during: (work) => sendDuring({ talk, perSecond, life }, work),
    inspect: () => inspect(devices, stranger, history),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function botSession(username: string): string {
  // Names of our own making, which are well-formed.
  return singleSessionId(username as Username, "ops-bot" as Username);
}

/** Says who sends what next: one-to-one, in the group, from several devices, to the bot. */
class Talk {
  readonly #devices: ReadonlyMap<string, Device>;
  readonly #group: string;
  #number = 0;

  constructor(devices: readonly Device[], group: string) {
    this.#devices = new Map(devices.map((device) => [device.name, device]));
    this.#group = group;
  }

  next(): { device: Device; message: Parameters<Device["send"]>[0] } {
    const number = this.#number++;
    const [name, session] = this.#placeOf(number);
    const device = this.#devices.get(name);
    if (!device) throw new Error(`there is no device ${name}`);
    const toBot = session === botSession(device.username);
    // A mention asks the bot in the group, too.
    const mention = session === this.#group && number % 60 === 3;
    const content = toBot
      ? number % 40 === 19
        ? "/help"
        : "show the gateway's logs"
      : `${mention ? "@ops-bot /help" : "message"} ${number}`;
    const clientMsgId = `load:${name.replace("/", "-")}:${number}`;
    return { device, message: { session, content, clientMsgId, asksBot: toBot || mention } };
  }

  #placeOf(number: number): [device: string, session: string] {
    const person = people[Math.floor(number / 20) % people.length] ?? "alice";
    if (number % 20 === 19) return [`${person}/1`, botSession(person)];
    const places: [string, string][] = [
      ["alice/1", "single:alice:bob"],
      ["bob/1", "single:alice:bob"],
      ["carol/1", "single:alice:carol"],
      ["dave/1", this.#group],
      ["alice/2", "single:alice:carol"],
      ["bob/2", this.#group],
      ["alice/1", this.#group],
      ["bob/2", "single:alice:bob"],
      ["carol/2", this.#group],
    ];
    return places[number % places.length] ?? ["alice/1", "single:alice:bob"];
  }
}

async function sendDuring(
  options: { talk: Talk; perSecond: number; life: AbortSignal },
  work: (load: Running) => Promise<void>,
): Promise<Sending> {
  const { talk, perSecond, life } = options;
  const sent: Sent[] = [];
  const underWay = new Set<Promise<void>>();
  const refusals: unknown[] = [];
  const stop = new AbortController();
  const sendOne = () => {
    if (underWay.size >= maxUnderWay) return;
    const { device, message } = talk.next();
    const atMs = performance.now();
    const sending: Promise<void> = device
      .send(message, life)
      .then(
        (outcome) => void sent.push({ atMs, ...outcome }),
        (error: unknown) => void refusals.push(error),
      )
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
    if (sent.length % 25 === 0) read(device, message.session, life);
  };
  const ticking = pace(1_000 / perSecond, AbortSignal.any([life, stop.signal]), sendOne);
  const quiet = () => {
    const sinceMs = performance.now();
    const enough = () => sent.filter(({ atMs }) => atMs > sinceMs).length >= quietMessages;
    return eventually(enough, { timeoutMs: storedWithinMs, intervalMs: 50, signal: life });
  };
  try {
    await quiet();
    const fromMs = performance.now();
    await work({ acked: () => sent.length, waiting: () => underWay.size, signal: life });
    const toMs = performance.now();
    await quiet();
    stop.abort();
    await ticking;
    await eventually(() => underWay.size === 0, { timeoutMs: storedWithinMs, signal: life });
    if (refusals.length > 0) throw new AggregateError(refusals, "messages were refused for good");
    return { sent, fromMs, toMs };
  } finally {
    stop.abort();
    await ticking;
  }
}

/** Reads on as a person does; that it may fail during a fault is no news. */
function read(device: Device, sessionId: string, signal: AbortSignal): void {
  const seqId = BigInt(device.lastSeq(sessionId));
  device.api.updateReadPosition({ sessionId, seqId }, { signal }).catch(() => undefined);
}

async function pace(intervalMs: number, signal: AbortSignal, work: () => void): Promise<void> {
  try {
    for await (const _ of every(intervalMs, undefined, { signal })) work();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function inspect(
  devices: readonly Device[],
  stranger: Device,
  history: History,
): Promise<void> {
  const foreign = new Set<string>();
  const signal = AbortSignal.timeout(20_000);
  for (const device of devices.filter(({ name }) => name.endsWith("/1"))) {
    const { sessions } = await device.api.getSessionList({}, { signal });
    for (const { sessionId, unreadCount } of sessions) {
      history.append({
        kind: "unread",
        username: device.username,
        session: sessionId,
        unread: Number(unreadCount),
      });
      if (device !== stranger && sessionId !== "0") foreign.add(sessionId);
    }
  }
  for (const session of foreign) {
    const reading = stranger.api.getHistoryMessages({ sessionId: session }, { signal });
    const isRead = await reading.then(
      () => true,
      () => false,
    );
    if (isRead) history.append({ kind: "read", username: stranger.username, session });
  }
}
