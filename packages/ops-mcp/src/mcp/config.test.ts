import { readConfig } from "@resonance/kit";
import { expect, test } from "vitest";
import { Config } from "./config.ts";

test("unless told otherwise it listens on this machine alone, and looks nowhere else", () => {
  expect(readConfig(Config, {})).toEqual({
    RESONANCE_MCP_LISTEN: { host: "127.0.0.1", port: 8_765 },
    RESONANCE_KUBERNETES: "off",
    RESONANCE_KUBERNETES_NAMESPACES: ["default"],
    RESONANCE_KUBERNETES_RESTARTS: "off",
    RESONANCE_LOKI_LABEL: "app",
    RESONANCE_LOG_LEVEL: "info",
  });
});
