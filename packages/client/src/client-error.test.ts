import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema, limits } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { refusal, toClientError } from "./client-error.ts";

test("the server's reason and limit are taken from the error detail", () => {
  const detail = { reason: "name_too_long", limit: 28n };
  const error = new ConnectError("too long", Code.InvalidArgument, undefined, [
    { desc: ErrorDetailSchema, value: create(ErrorDetailSchema, detail) },
  ]);
  const { reason, limit, message } = toClientError(error);
  expect({ reason, limit, message }).toEqual({
    reason: "name_too_long",
    limit: 28,
    message: "too long",
  });
});

test("a reason that this version does not know falls back to the code", () => {
  const value = create(ErrorDetailSchema, { reason: "quota_spent" });
  const details = [{ desc: ErrorDetailSchema, value }];
  const error = new ConnectError("no", Code.ResourceExhausted, undefined, details);
  expect(toClientError(error).reason).toBe("busy");
});

test.each([
  [Code.Unauthenticated, "not_signed_in"],
  [Code.Unavailable, "unavailable"],
  [Code.DeadlineExceeded, "timed_out"],
  [Code.Canceled, "cancelled"],
  [Code.PermissionDenied, "not_a_member"],
  [Code.Internal, "internal"],
])("code %i without a detail is %s", (code, reason) => {
  expect(toClientError(new ConnectError("x", code)).reason).toBe(reason);
});

test("a failed fetch means that the client is offline", () => {
  const error = ConnectError.from(new TypeError("Failed to fetch"));
  expect(toClientError(error)).toMatchObject({ reason: "offline", retryable: true });
});

test("an unknown reason in an Ack is internal and not retried", () => {
  expect(refusal("no", "quota_spent")).toMatchObject({ reason: "internal", retryable: false });
});

test("an Ack that refuses a long message carries the limit", () => {
  expect(refusal("too long", "message_too_long").limit).toBe(limits.contentMaxBytes);
});
