import { create } from "@bufbuild/protobuf";
import { PushMessageSchema } from "@resonance/mq-proto/gateway";
import { expect, test } from "vitest";
import { OwnEcho } from "./own-echo.ts";

const push = (msgId: bigint, fromUsername = "alice", sessionId = "S") =>
  create(PushMessageSchema, { msgId, fromUsername, sessionId });
const bytesOf = (msgId: bigint) => Uint8Array.of(Number(msgId));
const offer = (echo: OwnEcho, ...args: Parameters<typeof push>) =>
  echo.offer(push(...args), bytesOf(args[0]));

test("a delivery that overtakes the answer is dropped, and others of the user are released", () => {
  const echo = new OwnEcho("alice");
  echo.begin("S");
  expect(offer(echo, 1n)).toBe("hold");
  expect(offer(echo, 2n)).toBe("hold");
  expect(offer(echo, 3n)).toBe("hold");
  expect(echo.settle(2n)).toEqual([bytesOf(1n), bytesOf(3n)]);
});

test("a delivery after the answer is dropped, however often it comes", () => {
  const echo = new OwnEcho("alice");
  echo.begin("S");
  expect(echo.settle(1n)).toEqual([]);
  expect(offer(echo, 1n)).toBe("drop");
  expect(offer(echo, 1n)).toBe("drop");
});

test("what others write, and what is written elsewhere, is never held", () => {
  const echo = new OwnEcho("alice");
  echo.begin("S");
  expect(offer(echo, 1n, "bob")).toBe("send");
  expect(offer(echo, 2n, "alice", "T")).toBe("send");
});

test("nothing is held while nothing is sent", () => {
  const echo = new OwnEcho("alice");
  expect(offer(echo, 1n)).toBe("send");
  echo.begin("S");
  echo.settle(2n);
  expect(offer(echo, 3n)).toBe("send");
});

test("when it is not known what was stored, everything held is released", () => {
  const echo = new OwnEcho("alice");
  echo.begin("S");
  offer(echo, 1n);
  expect(echo.settle(0n)).toEqual([bytesOf(1n)]);
});

test("the last 256 messages of the connection are remembered", () => {
  const echo = new OwnEcho("alice");
  for (let msgId = 1n; msgId <= 257n; msgId++) {
    echo.begin("S");
    echo.settle(msgId);
  }
  expect(offer(echo, 1n)).toBe("send");
  expect(offer(echo, 2n)).toBe("drop");
});

test("at most 256 are held; the next is sent and none is lost", () => {
  const echo = new OwnEcho("alice");
  echo.begin("S");
  for (let msgId = 1n; msgId <= 256n; msgId++) expect(offer(echo, msgId)).toBe("hold");
  expect(offer(echo, 257n)).toBe("send");
  expect(echo.settle(0n)).toHaveLength(256);
});
