import { expect, test } from "vitest";
import { toolMessage } from "./tool-message.ts";

test.each([
  ["Prometheus cannot be reached", "Prometheus 连不上"],
  ["the certificate of Loki has expired", "Loki 的证书已过期"],
  ["Kubernetes answered 503: no leader", "Kubernetes 返回 503: no leader"],
  ["Kubernetes answered 500", "Kubernetes 返回 500"],
  ["Kubernetes does not have it: pods x not found", "Kubernetes 里没有: pods x not found"],
  [
    "Prometheus answered more than 32 MiB; narrow the query",
    "Prometheus 的回答超过 32 MiB，请缩小范围",
  ],
  ["nothing is called shop in prod, test", "prod, test 里没有叫 shop 的"],
  ["the log is too large to be read whole", "日志太大，没有读完"],
  ["the log begins after the window", "日志是在那之后才开始的"],
])("%j is a sentence of our tools, and told in Chinese", (message, words) => {
  expect(toolMessage(message, "zh")).toBe(words);
  expect(toolMessage(message, "en")).toBe(`\`${message}\``);
});

test("what others say is quoted as it is", () => {
  expect(toolMessage("etcdserver: no `leader`", "zh")).toBe("`` etcdserver: no `leader` ``");
});
