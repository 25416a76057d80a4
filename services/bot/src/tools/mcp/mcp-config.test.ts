import { expect, test } from "vitest";
import { parseMcpConfig } from "./mcp-config.ts";

const parse = (mcpServers: unknown, environment: Record<string, string> = {}) =>
  parseMcpConfig(JSON.stringify({ mcpServers }), environment, "mcp.json");

/** As an operator writes it: a dollar and braces. */
const variable = (name: string) => `$\{${name}}`;

test("a file that other programs use is read, and what only they understand is passed over", () => {
  const [files, remote] = parse({
    files: { type: "stdio", command: "npx", args: ["-y", "x"], alwaysAllow: ["write"] },
    remote: { url: "https://mcp.example/mcp", headers: { Authorization: "Bearer a" } },
  });

  expect(files?.reach).toMatchObject({ kind: "stdio", command: "npx", args: ["-y", "x"], env: {} });
  expect(files?.tools.size).toBe(0);
  expect(remote?.reach).toMatchObject({ kind: "http", headers: { Authorization: "Bearer a" } });
});

test("values come from the environment, once, and never from what they hold", () => {
  const entry = {
    command: "serve",
    args: [variable("PLACE:-here"), variable("TOKEN")],
    env: { TOKEN: `a${variable("TOKEN")}b` },
  };

  const [server] = parse({ one: entry }, { TOKEN: variable("HOME") });

  expect(server?.reach).toMatchObject({
    args: ["here", variable("HOME")],
    env: { TOKEN: `a${variable("HOME")}b` },
  });
});

test("all problems are named at once, without the values", () => {
  const bad = () =>
    parse(
      {
        both: { command: "a", url: "https://x.example" },
        none: {},
        scheme: { url: "file:///secret" },
        unset: { command: "a", env: { KEY: variable("NOWHERE") } },
        access: { command: "a", tools: { drop: "admin" } },
        health: { command: "a", health: { tool: "unlisted" } },
        size: { command: "a", maxBytes: 8 * 1024 * 1024 + 1 },
      },
      {},
    );

  expect(bad).toThrow(/7 problem/);
  expect(bad).toThrow(/unset: NOWHERE is not set/);
  expect(bad).toThrow(/size\.maxBytes/);
  expect(bad).not.toThrow(/secret/);
});

test("what is asked of a server leaves the house by its host, unless it is told", () => {
  const servers = parse({
    far: { url: "https://mcp.example.com/mcp" },
    near: { url: "http://10.1.2.3/mcp" },
    command: { command: "serve" },
    bridge: { command: "npx", args: ["mcp-remote", "https://x.example"], reach: "cloud" },
    intranet: { url: "https://mcp.example.com/mcp", reach: "local" },
  });

  const outside = servers.filter(({ isOutside }) => isOutside).map(({ name }) => name);
  expect(outside).toEqual(["far", "bridge"]);
});

test("a disabled server is left out", () => {
  expect(parse({ one: { command: "a", disabled: true } })).toEqual([]);
});
