import { setImmediate as nextTurn } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { PushMessageSchema } from "@resonance/mq-proto/gateway";
import { expect, test } from "vitest";
import { GatewayCall, GatewayCalls } from "./gateway-calls.ts";

/** What is responded on a call, in short. */
function openCall(read: () => Promise<void> = async () => undefined) {
  const responses: string[] = [];
  const call = new GatewayCall(({ batch, delivery }) => {
    const contents = delivery?.items.map(({ payload }) =>
      payload?.case === "message" ? payload.value.content : "",
    );
    responses.push(`batch ${batch ?? "none"}: ${contents?.join(" ") ?? "no delivery"}`);
    return read();
  });
  return { call, responses };
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

test("of a gateway's calls the last one counts, and the end of an earlier one changes nothing", async () => {
  const calls = new GatewayCalls();
  const [first, second] = [openCall(), openCall()];
  const earlier = calls.add("g1", first.call);
  const later = calls.add("g1", second.call);
  earlier[Symbol.dispose]();

  expect(calls.deliver("g1", items("a"))).toBe(true);
  expect(calls.deliver("g2", items("a"))).toBe(false);
  await nextTurn();
  expect([first.responses, second.responses]).toEqual([[], ["batch none: a"]]);

  later[Symbol.dispose]();
  expect(calls.deliver("g1", items("a"))).toBe(false);
});
