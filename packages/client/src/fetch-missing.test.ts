import { create } from "@bufbuild/protobuf";
import { GetHistoryMessagesResponseSchema } from "@resonance/mq-proto/gateway";
import { expect, test } from "vitest";
import type { Api } from "./create-api.ts";
import { fetchMissing } from "./fetch-missing.ts";
import { buildMessage } from "./message-builder.ts";

const { signal } = new AbortController();

/** A history of these seqs, and the `beforeSeq` of every request to it. */
function history(...seqs: number[]) {
  const asked: number[] = [];
  const getHistoryMessages: Api["getHistoryMessages"] = async ({ beforeSeq = 0n, limit = 0n }) => {
    asked.push(Number(beforeSeq));
    const messages = seqs
      .filter((seq) => BigInt(seq) < beforeSeq)
      .slice(-Number(limit))
      .map((seq) => buildMessage({ seqId: BigInt(seq) }));
    return create(GetHistoryMessagesResponseSchema, { messages });
  };
  return { api: { getHistoryMessages }, asked };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function fetchSeqs(api: Pick<Api, "getHistoryMessages">, after: number, through: number) {
  const range = { sessionId: "0", afterSeq: BigInt(after), throughSeq: BigInt(through) };
  const messages = await fetchMissing(api, range, signal);
  return messages?.map(({ seqId }) => Number(seqId));
}

test("only what is missing is returned", async () => {
  const { api, asked } = history(...upTo(10));
  expect(await fetchSeqs(api, 4, 7)).toEqual([5, 6, 7]);
  expect(asked).toEqual([8]);
});

test("a long gap is fetched in pages and returned ascending", async () => {
  const { api, asked } = history(...upTo(300));
  expect(await fetchSeqs(api, 50, 280)).toEqual(upTo(280).slice(50));
  expect(asked).toEqual([281, 181, 81]);
});

test("a gap over 300 messages is not fetched", async () => {
  const { api, asked } = history(...upTo(400));
  expect(await fetchSeqs(api, 0, 301)).toBeUndefined();
  expect(asked).toEqual([]);
});

test("a history with holes ends the search", async () => {
  const { api } = history(1, 2, 6);
  expect(await fetchSeqs(api, 2, 5)).toEqual([]);
  expect(await fetchSeqs(api, 0, 6)).toEqual([1, 2, 6]);
});
