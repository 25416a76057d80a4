import { Code } from "@connectrpc/connect";
import { ChatError } from "@resonance/kit";
import { ErrorDetailSchema } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { toConnectError } from "./api-error.ts";

test("a refusal keeps its code and message and carries reason and limit", () => {
  const error = toConnectError(
    new ChatError("invalid_argument", "the name is too long", {
      reason: "name_too_long",
      limit: 28,
    }),
  );
  expect(error.code).toBe(Code.InvalidArgument);
  expect(error.rawMessage).toBe("the name is too long");
  expect(error.details).toEqual([
    { desc: ErrorDetailSchema, value: { reason: "name_too_long", limit: 28n } },
  ]);
});

test.each([
  new ChatError("internal", "ER_DUP_ENTRY: Duplicate entry 'alice'"),
  new ChatError("unavailable", "connect ECONNREFUSED 10.0.0.7:15090"),
  new Error("cannot read properties of undefined"),
])("what went wrong inside stays inside: %s", (cause) => {
  expect(toConnectError(cause).rawMessage).not.toContain(cause.message);
});
