import type { ToolInput } from "@resonance/ops-mcp";
import type { Language } from "../../language.ts";
import { renderSending } from "./render/sending.ts";
import type { Toolbox } from "./toolbox.ts";

/** Whether what is said to be wrong is that messages are sent slowly, or not at all. */
export function isAboutSending(text: string): boolean {
  return sending.test(text);
}

const sending =
  /发(?:送|消息|信息|不出|出去)|(?:消息|信息).{0,8}(?:慢|卡|延迟|发|失败|丢|不出)|\bsend(?:s|ing)?\b|\bsent\b|\b(?:messages?|msgs)\b.{0,24}\b(?:slow\w*|stuck|late|delay\w*|fail\w*|not|lost|lag\w*|hang\w*|deliver\w*|ages|forever)\b|\bslow\b.{0,12}\bmessages?\b/i;

/** What people wait for when they send, in the window and the time before, and how much failed. */
export async function lookAtSending(
  window: Pick<ToolInput<"get_metrics">, "since" | "until">,
  language: Language,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const latency = await tools.call(
    "get_metrics",
    { panel: "send_latency", ...window, compare: true },
    signal,
  );
  const outcomes = await tools.call("get_metrics", { panel: "error_rate", ...window }, signal);
  return renderSending(latency, outcomes, language);
}
