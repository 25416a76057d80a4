import type { ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { durationText } from "./phrases.ts";

/**
 * To "why did it restart", where nothing has ended by itself: that it has not, and since when it
 * runs. Empty where something has, or where it is not known.
 */
export function noEndText(
  listed: ToolOutput<"list_services">,
  service: string | undefined,
  language: Language,
): string {
  const zh = language === "zh";
  const asked = servicesAskedFor(listed, service);
  const isQuiet = asked.every(({ state, restarts }) => state === "running" && restarts === 0);
  if (asked.length === 0 || !isQuiet) return "";
  const approved = zh
    ? "（经批准的重启见 `/proposals`）"
    : " (restarts that were approved are in `/proposals`)";
  if (service === undefined) {
    return zh
      ? `自系统启动以来，没有服务异常退出过${approved}。`
      : `No service has ended by itself since the stack was started${approved}.`;
  }
  const uptime = asked[0]?.uptimeSeconds ?? null;
  const since =
    uptime === null
      ? ""
      : zh
        ? `，已运行 ${durationText(uptime, language)}`
        : `; it has run for ${durationText(uptime, language)}`;
  return zh
    ? `**${service}** 没有异常退出过${since}${approved}。`
    : `**${service}** has not ended by itself${since}${approved}.`;
}

/** To "when did it restart": for how long each that was asked about has run. Empty where not known. */
export function runsForText(
  listed: ToolOutput<"list_services">,
  service: string | undefined,
  language: Language,
): string {
  const zh = language === "zh";
  const asked = servicesAskedFor(listed, service);
  const running = asked.flatMap(({ name, uptimeSeconds }) =>
    uptimeSeconds === null ? [] : [`**${name}** ${durationText(uptimeSeconds, language)}`],
  );
  if (running.length === 0) return "";
  return zh
    ? `当前的进程已经运行了：${running.join("，")}。`
    : `The process that is there now has run for: ${running.join(", ")}.`;
}

/** The one that is named, or all; none where they are not known. */
function servicesAskedFor(listed: ToolOutput<"list_services">, service: string | undefined) {
  if (listed.outcome !== "ok") return [];
  return listed.data.services.filter(({ name }) => name === (service ?? name));
}
