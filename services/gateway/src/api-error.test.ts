import { Code, createContextValues, type UnaryRequest } from "@connectrpc/connect";
import { ChatError, type Logger } from "@resonance/kit";
import { ErrorDetailSchema } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { toConnectError, translateErrors } from "./api-error.ts";

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

/** Lets a call fail, and returns what was logged as an error of ours. */
async function loggedOf(error: unknown, signal: AbortSignal): Promise<string[]> {
  const logged: string[] = [];
  const log: Pick<Logger, "error"> = {
    error: (_: object, text?: string) => logged.push(text ?? ""),
  };
  const request: Partial<UnaryRequest> = { signal, contextValues: createContextValues() };
  // An interceptor reads of a request and a log what stands here.
  const fail = translateErrors(log as Logger)(() => Promise.reject(error));
  await expect(fail({ ...request, method: { name: "Login" } } as UnaryRequest)).rejects.toThrow();
  return logged;
}

test("that somebody went away while waiting is no error of ours", async () => {
  const aborted = AbortSignal.abort();
  expect(await loggedOf(aborted.reason, aborted)).toEqual([]);
});

test("what fails while somebody waits is logged", async () => {
  const signal = new AbortController().signal;
  expect(await loggedOf(new ChatError("unavailable", "no logic"), signal)).toEqual(["call failed"]);
});
