import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ProgressLine } from "./progress-line.tsx";

const nowMs = Date.now();
const progress = {
  from: "ops-bot",
  text: "reading logs",
  refMsgId: 1n,
  startedAtMs: nowMs,
  updatedAtMs: nowMs,
};

test("who asked can stop it, who did not sees no button", () => {
  const line = (onStop: (() => void) | undefined) =>
    renderToStaticMarkup(<ProgressLine progress={progress} name="ops-bot" onStop={onStop} />);
  expect(line(() => undefined)).toContain(">Stop</button>");
  expect(line(undefined)).toContain("reading logs");
  expect(line(undefined)).not.toContain("<button");
});
