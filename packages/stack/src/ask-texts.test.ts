import { ClientError } from "@resonance/client";
import { expect, test } from "vitest";
import { askSentences } from "./ask-texts.ts";

const unavailable = new ClientError("unavailable", "the service cannot be reached: try again");
const of = { url: "http://localhost:8080", user: "admin", down: ["mysql"] };

test("a refused question says what does not run", () => {
  expect(askSentences.en.refused(unavailable, of)).toBe(
    "the question was not answered: the service cannot be reached: try again (unavailable); not running: mysql",
  );
});

test("a terminal that speaks Chinese is told why in Chinese", () => {
  expect(askSentences.zh.refused(unavailable, of)).toBe(
    "问题没有得到回答：服务暂时不可用，请稍后重试（unavailable）；未在运行：mysql",
  );
});
