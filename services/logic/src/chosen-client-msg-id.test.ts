import { expect, test } from "vitest";
import { chosenClientMsgId } from "./chosen-client-msg-id.ts";

test.each([
  ["c:Zm9vYmFyYmF6cXV4:t1"],
  ["n:Zm9vYmFyYmF6cXV4:7"],
  ["h:Zm9vYmFyYmF6cXV4:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"],
  ["l:0b8b4e66-6bd4-4a55-a3f2-7d1d4e1f9a63"],
  [""],
])("no client chose %j", (id) => {
  expect(chosenClientMsgId(id)).toBe("");
});

test.each([["0b8b4e66-6bd4-4a55-a3f2-7d1d4e1f9a63"], ["c1"], ["c:short:1"], ["answer:7"]])(
  "a client chose %j",
  (id) => {
    expect(chosenClientMsgId(id)).toBe(id);
  },
);
