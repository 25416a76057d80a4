import { showServices } from "../brain/offline/act.ts";
import { renderDiagnosis } from "../brain/offline/render/diagnosis.ts";
import { renderEvents } from "../brain/offline/render/events.ts";
import { helpText, mistakeText } from "../brain/offline/render/help.ts";
import { renderImStatus } from "../brain/offline/render/im-status.ts";
import { renderLogs } from "../brain/offline/render/logs.ts";
import { renderMetrics } from "../brain/offline/render/metrics.ts";
import { renderPods } from "../brain/offline/render/pods.ts";
import type { Toolbox } from "../brain/offline/toolbox.ts";
import type { Language } from "../language.ts";
import type { Command } from "./parse-command.ts";

/** Runs a command with the tools that a brain has, and writes the answer. Reads only. */
export async function runCommand(
  command: Command,
  language: Language,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  switch (command.kind) {
    case "help":
      return helpText(language);
    case "services":
      return await showServices(language, tools, signal);
    case "status": {
      const services = await showServices(language, tools, signal);
      const status = renderImStatus(await tools.call("im_status", {}, signal), language);
      return `${services}\n\n${status}`;
    }
    case "pods":
      return renderPods(await tools.call("list_pods", command.input, signal), language);
    case "logs":
      return renderLogs(await tools.call("get_logs", command.input, signal), language);
    case "metrics":
      return renderMetrics(await tools.call("get_metrics", command.input, signal), language);
    case "events":
      return renderEvents(await tools.call("list_events", command.input, signal), language);
    case "diagnose":
      return renderDiagnosis(await tools.call("diagnose", command.input, signal), language);
    case "control":
      // Controls are looked up before a text is parsed here.
      throw new TypeError(`${command.name} is a control command`);
    case "mistake":
      return mistakeText(command.mistake, language);
    default:
      return command satisfies never;
  }
}
