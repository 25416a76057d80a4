import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { listenAddress, logLevel, secret } from "@resonance/kit";
import { serviceKey } from "@resonance/rpc";
import { z } from "zod";
import { backendSettings } from "../backends/config.ts";

const projectFolder = resolve(import.meta.dirname, "../../../..");

const hostNames = z
  .string()
  .transform((list) => list.split(",").map((name) => name.trim()))
  .refine((list) => list.every((name) => /^[a-z0-9.:[\]-]+$/i.test(name)), "must be host names");

/** What `resonance-ops-mcp` reads. */
export const Config = z.object({
  ...backendSettings,
  /** The home of the stack on this machine, as for `npm start`. */
  RESONANCE_HOME: z.string().optional(),
  /** Its `run/services.json`, where it lies elsewhere. */
  RESONANCE_STACK_FILE: z.string().optional(),
  /** Where Logic is, and the key of `ops-mcp`, where no stack on this machine says so. */
  RESONANCE_LOGIC_ADDRESS: z
    .string()
    .regex(/^\S+:\d{1,5}$/, "must be host:port")
    .optional(),
  RESONANCE_SERVICE_KEY: serviceKey.optional(),
  /** With `--http`. */
  RESONANCE_MCP_LISTEN: listenAddress.default({ host: "127.0.0.1", port: 8765 }),
  /** With `--http`; made and kept in the home unless given. */
  RESONANCE_MCP_TOKEN: secret.optional(),
  /** The names under which others reach it; needed where it listens beyond this machine. */
  RESONANCE_MCP_ALLOWED_HOSTS: hostNames.optional(),
  RESONANCE_LOG_LEVEL: logLevel,
});

export type OpsMcpConfig = z.output<typeof Config>;

/** A relative home lies in the project's folder, wherever the command was typed. */
export function homeOf({ RESONANCE_HOME }: Pick<OpsMcpConfig, "RESONANCE_HOME">): string {
  return resolve(projectFolder, RESONANCE_HOME ?? ".resonance");
}

/**
 * The list of the stack's services, which may appear later. Undefined where a cluster is configured
 * and nothing speaks of a stack on this machine.
 */
export function stackFileOf(config: OpsMcpConfig): string | undefined {
  if (config.RESONANCE_STACK_FILE !== undefined) return config.RESONANCE_STACK_FILE;
  const file = join(homeOf(config), "run", "services.json");
  const named = config.RESONANCE_HOME !== undefined || config.RESONANCE_KUBERNETES === "off";
  return named || existsSync(file) ? file : undefined;
}
