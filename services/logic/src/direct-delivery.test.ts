import { setImmediate as nextTurn } from "node:timers/promises";
import { create, fromBinary } from "@bufbuild/protobuf";
import { createDeliver, type Route } from "@resonance/bus";
import { DeliverySchema, PushEventSchema, type Username } from "@resonance/mq-proto";
import { beforeEach, expect, test } from "vitest";
import { DirectDelivery } from "./direct-delivery.ts";
import { GatewayCall, GatewayCalls } from "./gateway-calls.ts";

// Tests name their people; parseUsername is tested elsewhere.
const alice = "alice" as Username;
const bob = "bob" as Username;

let delivered: string[] = [];
const published = () => delivered.splice(0);
let calls: GatewayCalls;
let delivery: DirectDelivery;
beforeEach(() => {
  delivered = [];
  const bus = {
    connection: () => 7,
    publish: (subject: string, payload: Uint8Array) => {
      for (const item of fromBinary(DeliverySchema, payload).items) {
        const content = item.payload.case === "message" ? item.payload.value.content : "";
        delivered.push(
          `${content} at ${subject.split(".").at(-1)} to ${item.toUsernames.join(" and ")}`,
        );
      }
    },
  };
  calls = new GatewayCalls(createDeliver(bus));
  delivery = new DirectDelivery(bus, calls.deliver);
});

function message(content: string) {
  return { event: create(PushEventSchema, { content }), owners: [alice, bob] };
}

function route(username: Username, gatewayId: string): Route {
  return { username, gatewayId };
}

test("a message leaves at once for where its people were the last time", () => {
  const first = delivery.begin([message("1")]);
  expect(published()).toEqual([]);
  delivery.finish(first, [route(alice, "g1"), route(bob, "g1"), route(bob, "g2")]);
  expect(published()).toEqual(["1 at g1 to alice and bob", "1 at g2 to bob"]);

  const next = delivery.begin([message("2"), message("3")]);

  expect(next.connection).toBe(7);
  expect(published()).toEqual([
    "2 at g1 to alice and bob",
    "3 at g1 to alice and bob",
    "2 at g2 to bob",
    "3 at g2 to bob",
  ]);
});

test("who has come since gets it by what is read after the commit, and nobody gets it twice", () => {
  delivery.finish(delivery.begin([message("1")]), [route(bob, "g1")]);
  published();

  const begun = delivery.begin([message("2")]);
  expect(published()).toEqual(["2 at g1 to bob"]);
  delivery.finish(begun, [route(bob, "g1"), route(bob, "g2"), route(alice, "g1")]);

  expect(published()).toEqual(["2 at g1 to alice", "2 at g2 to bob"]);
});

test("what another batch learns in between does not pass for delivered", () => {
  const begun = delivery.begin([message("1")]);
  delivery.finish(delivery.begin([message("2")]), [route(bob, "g1")]);
  expect(published()).toEqual(["2 at g1 to bob"]);

  delivery.finish(begun, [route(bob, "g1")]);

  expect(published()).toEqual(["1 at g1 to bob"]);
});

test("who has left is sent one message more, and then none", () => {
  delivery.finish(delivery.begin([message("1")]), [route(bob, "g1")]);
  published();

  delivery.finish(delivery.begin([message("2")]), []);
  delivery.finish(delivery.begin([message("3")]), []);

  expect(published()).toEqual(["2 at g1 to bob"]);
});

test("what a gateway with a call is to deliver goes over the call, and by NATS when that is over", async () => {
  const responses: unknown[] = [];
  const call = new GatewayCall(async (response) => void responses.push(response));
  const open = calls.add("g1", call);
  delivery.finish(delivery.begin([message("1")]), [route(bob, "g1"), route(alice, "g2")]);
  expect(published()).toEqual(["1 at g2 to alice"]);

  await nextTurn();
  expect(responses).toHaveLength(1);
  open[Symbol.dispose]();
  delivery.begin([message("2")]);

  expect(published().toSorted()).toEqual(["2 at g1 to bob", "2 at g2 to alice"]);
});
