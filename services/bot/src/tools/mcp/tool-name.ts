import { createHash } from "node:crypto";

// Providers take at most 64 characters; `__` stands between the two.
const maxServer = 20;
const maxTool = 42;

/**
 * A tool's name as models know it: `server__tool`, at most 64 characters of `[a-zA-Z0-9_-]`. A part
 * that does not fit is cleaned and ends in a digest of the whole, so two tools never share a name.
 */
export function prefixedName(server: string, tool: string): string {
  // Without underscores, the first `__` ends the server's part.
  const prefix = part(server, /^[a-zA-Z0-9-]+$/, /[^a-zA-Z0-9-]+/g, maxServer);
  return `${prefix}__${part(tool, /^[a-zA-Z0-9_-]+$/, /[^a-zA-Z0-9_-]+/g, maxTool)}`;
}

function part(raw: string, fits: RegExp, foreign: RegExp, max: number): string {
  if (fits.test(raw) && raw.length <= max) return raw;
  const digest = createHash("sha256").update(raw).digest("hex").slice(0, 8);
  const cleaned = raw.replace(foreign, "-").slice(0, max - digest.length - 1);
  return `${cleaned}-${digest}`;
}
