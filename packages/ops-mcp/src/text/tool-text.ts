import type { AnyTool, NoDataCause, ToolResult } from "../tool.ts";

/** The result of a call as a model reads it: the outcome first, then what was run and found. */
export function toolText(tool: Pick<AnyTool, "toText">, result: ToolResult<unknown>): string {
  switch (result.outcome) {
    case "ok":
      return tool.toText(result.data);
    case "no_data": {
      const causes = result.causes.map((cause) => causeTexts[cause]).join("; ");
      return `NO DATA. Likely causes: ${causes}.\n${tool.toText(result.data)}`.trimEnd();
    }
    case "error": {
      const near = result.near.length > 0 ? ` Nearest: ${result.near.join(", ")}.` : "";
      const retry = result.retryHelps ? "A retry may help." : "A retry does not help.";
      return `ERROR (${result.cause}): ${result.message}. ${retry}${near}`;
    }
    default:
      return result satisfies never;
  }
}

const causeTexts = {
  nothing_matches: "nothing matches the filter in this window",
  log_is_empty: "the log is empty",
  log_begins_later: "the log begins after the window",
  service_has_no_log: "the service was not started by this stack, so there is no log file of it",
  never_restarted: "it was not restarted, so there is nothing from before a restart",
  no_samples_yet: "no samples were taken yet",
  not_measured: "it is not measured, or nothing happened",
  no_such_series: "no series matches the query",
  no_pods: "there are no pods",
  nothing_happened: "nothing of the kind happened in this window",
  nothing_fires: "no alert fires",
} as const satisfies Record<NoDataCause, string>;
