import { create, fromBinary } from "@bufbuild/protobuf";
import { DeliverySchema } from "@resonance/mq-proto";
import { PushMessageSchema } from "@resonance/mq-proto/gateway";
import { expect, test } from "vitest";
import { createDeliver } from "./deliver.ts";

const natsTakes = 1024 ** 2;

/** What is published for items of these contents, each to all of these names. */
function deliver(contents: readonly string[], toUsernames: readonly string[]) {
  const published: Uint8Array[] = [];
  const toGateway = createDeliver({ publish: (_subject, payload) => published.push(payload) });
  const items = contents.map((content) => {
    const value = create(PushMessageSchema, { content });
    return { toUsernames: [...toUsernames], payload: { case: "message" as const, value } };
  });
  toGateway("g1", items);
  return {
    published,
    got: published
      .flatMap((payload) => fromBinary(DeliverySchema, payload).items)
      .map(({ toUsernames: to, payload }) => ({
        to,
        content: payload.case === "message" ? payload.value.content : "",
      })),
  };
}

test("what fits goes together", () => {
  const { published, got } = deliver(["a", "b"], ["alice", "bob"]);

  expect(published).toHaveLength(1);
  expect(got).toEqual(["a", "b"].map((content) => ({ to: ["alice", "bob"], content })));
});

test("what does not fit goes in several parts, in order", () => {
  const contents = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(60_000));

  const { published, got } = deliver(contents, ["bob"]);

  for (const payload of published) expect(payload.length).toBeLessThan(natsTakes);
  expect(published.length).toBeLessThan(10);
  expect(got.map(({ content }) => content)).toEqual(contents);
});

test("a message to more people than fit goes to some of them at a time", () => {
  const names = Array.from({ length: 50_000 }, (_, index) => `somebody with a name ${index}`);

  const { published, got } = deliver(["hi"], names);

  for (const payload of published) expect(payload.length).toBeLessThan(natsTakes);
  expect(got.flatMap(({ to }) => to)).toEqual(names);
});

test("nothing is published for nothing", () => {
  expect(deliver([], ["bob"]).published).toEqual([]);
});
