import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder, wherever the command was typed. */
export const projectFolder: string = resolve(fileURLToPath(new URL("../../..", import.meta.url)));

/** A service's entry point. */
export function serviceEntry(service: string): string {
  return join(projectFolder, "services", service, "src", "main.ts");
}
