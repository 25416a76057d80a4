import { setImmediate as nextTurn } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import type { DeliveryItem } from "@resonance/bus";
import { PushMessageSchema } from "@resonance/mq-proto/gateway";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { GatewayCall, GatewayCalls } from "./gateway-calls.ts";

/** What is responded on a call, in short. */
function openCall(read: () => Promise<void> = async () => undefined, silentAfterMs?: number) {
  const responses: string[] = [];
  const call = new GatewayCall(({ batch, delivery }) => {
    const contents = delivery ? contentsOf(delivery.items) : "no delivery";
    responses.push(`batch ${batch ?? "none"}: ${contents}`);
    return read();
  }, silentAfterMs);
  return { call, responses };
}

function contentsOf(sent: readonly DeliveryItem[]): string {
  const contents = sent.map(({ payload }) =>
    payload?.case === "message" ? payload.value.content : "",
  );
  return contents.join(" ");
}

function items(...contents: readonly string[]) {
  return contents.map((content) => ({
    toUsernames: ["bob"],
    payload: { case: "message" as const, value: create(PushMessageSchema, { content }) },
  }));
}

test("a delivery goes with the next answer of its turn", async () => {
  const { call, responses } = openCall();
  call.deliver(items("a", "b"));
  call.deliver(items("c"));
  await Promise.resolve();
  await call.respond({ batch: 1 });
  await call.respond({ batch: 2 });

  await nextTurn();
  expect(responses).toEqual(["batch 1: a b c", "batch 2: no delivery"]);
});

test("a delivery that no answer takes along goes at the end of its turn", async () => {
  const { call, responses } = openCall();
  call.deliver(items("a"));
  call.deliver(items("b"));
  expect(responses).toEqual([]);

  await nextTurn();

  expect(responses).toEqual(["batch none: a b"]);
});

test("a call that nobody reads takes no more, until it is read", async () => {
  const unread = Promise.withResolvers<void>();
  const { call, responses } = openCall(() => unread.promise);
  const answers = Array.from({ length: 1_000 }, (_, batch) => call.respond({ batch }));

  expect(call.deliver(items("a"))).toBe(false);
  unread.resolve();
  await Promise.all(answers);
  expect(call.deliver(items("b"))).toBe(true);

  await nextTurn();
  expect(responses.at(-1)).toBe("batch none: b");
});

test("a call that is cut takes deliveries into nothing", async () => {
  const { call } = openCall(() => Promise.reject(new Error("cut")));

  expect(call.deliver(items("a"))).toBe(true);

  // A rejection that nobody handles would fail the test.
  await nextTurn();
});

/** A call of gateway g1, who has told of `told` deliveries. `overNats` is what goes there instead. */
function openTold(told: number | undefined, silentAfterMs = 3_600_000) {
  const overNats: string[] = [];
  const calls = new GatewayCalls((gatewayId, sent) => {
    overNats.push(`${gatewayId}: ${contentsOf(sent)}`);
  });
  const { call, responses } = openCall(undefined, silentAfterMs);
  const added = calls.add("g1", call);
  if (told !== undefined) call.told(told);
  return {
    call,
    responses,
    overNats,
    added,
    deliver: (...contents: string[]) => calls.deliver("g1", items(...contents)),
  };
}

test("what a gateway does not tell of goes over NATS again, and what follows, until it tells", async () => {
  const { call, responses, overNats, deliver } = openTold(0, 20);
  deliver("a");
  await nextTurn();
  call.told(1);
  for (const content of ["b", "c"]) {
    deliver(content);
    await nextTurn();
  }
  await eventually(() => expect(overNats).toEqual(["g1: b c"]));
  deliver("d");
  expect(overNats).toEqual(["g1: b c", "g1: d"]);

  call.told(3);
  deliver("e");

  await nextTurn();
  expect(responses.at(-1)).toBe("batch none: e");
  expect(overNats).toEqual(["g1: b c", "g1: d"]);
});

test("what a gateway has not told of when its call ends goes over NATS, and what is not sent", async () => {
  const { call, responses, overNats, added, deliver } = openTold(0);
  for (const content of ["a", "b"]) {
    deliver(content);
    await nextTurn();
  }
  call.told(1);
  deliver("c");

  added[Symbol.dispose]();

  expect(overNats).toEqual(["g1: b c"]);
  await nextTurn();
  expect(responses).toEqual(["batch none: a", "batch none: b"]);
});

test("nothing is kept of what a gateway gets that never tells", async () => {
  const { overNats, added, deliver } = openTold(undefined);
  deliver("a");
  await nextTurn();

  added[Symbol.dispose]();

  expect(overNats).toEqual([]);
});

test("of a gateway's calls the last one counts, and the end of an earlier one changes nothing", async () => {
  const overNats: string[] = [];
  const calls = new GatewayCalls((gatewayId, sent) => {
    overNats.push(`${gatewayId}: ${contentsOf(sent)}`);
  });
  const [first, second] = [openCall(), openCall()];
  const earlier = calls.add("g1", first.call);
  const later = calls.add("g1", second.call);
  earlier[Symbol.dispose]();

  calls.deliver("g1", items("a"));
  calls.deliver("g2", items("b"));
  await nextTurn();
  expect([first.responses, second.responses]).toEqual([[], ["batch none: a"]]);

  later[Symbol.dispose]();
  calls.deliver("g1", items("c"));
  expect(overNats).toEqual(["g2: b", "g1: c"]);
});
