import { expect, test } from "vitest";
import { commandLines } from "../brain/offline/render/command-help.ts";
import { helpText } from "../brain/offline/render/help.ts";
import { commandList, commandNames } from "./command-list.ts";
import { controlCommands } from "./control-commands.ts";
import { isCommand, parseCommand } from "./parse-command.ts";

test("options are read as people type them", () => {
  expect(parseCommand("/logs gateway --since 30m --grep error --level warn --limit 50")).toEqual({
    kind: "logs",
    input: { service: "gateway", since: "30m", include: "error", level: "warn", limit: 50 },
  });
});

test("an option may hold its value after an equals sign or in quotes", () => {
  expect(parseCommand(`/logs logic --grep="connection refused" --exclude 'health check'`)).toEqual({
    kind: "logs",
    input: { service: "logic", include: "connection refused", exclude: "health check" },
  });
});

test("a long dash is two short ones", () => {
  expect(parseCommand("/logs gateway —since 1h")).toMatchObject({ input: { since: "1h" } });
});

test("metrics take a panel, a service and a window", () => {
  expect(parseCommand("/metrics cpu gateway --since 2h")).toEqual({
    kind: "metrics",
    input: { panel: "cpu", service: "gateway", since: "2h" },
  });
});

test.each([
  ["/help", { kind: "help" }],
  ["/services", { kind: "services" }],
  ["/status", { kind: "status" }],
  ["/pods shop --namespace prod", { kind: "pods", input: { service: "shop", namespace: "prod" } }],
  ["/events --all --since 2h", { kind: "events", input: { all: true, since: "2h" } }],
  ["/diagnose", { kind: "diagnose", input: {} }],
  [
    "/diagnose --since 9:00 --until 9:30",
    { kind: "diagnose", input: { since: "9:00", until: "9:30" } },
  ],
  [
    "/metrics cpu --since 9:00 --until 9:30",
    { kind: "metrics", input: { panel: "cpu", since: "9:00", until: "9:30" } },
  ],
  ["/logs bot --previous", { kind: "logs", input: { service: "bot", previous: true } }],
  ["/restart gateway", { kind: "control", name: "/restart" }],
  ["/HELP", { kind: "help" }],
])("%s is a command", (text, command) => {
  expect(parseCommand(text)).toEqual(command);
});

test.each([
  ["/log gateway", { what: "command", typed: "/log", nearest: "/logs" }],
  ["/servces", { what: "command", typed: "/servces", nearest: "/services" }],
  ["/logs gateway --grp x", { what: "option", typed: "--grp", nearest: "--grep" }],
  ["/services --since 1h", { what: "option", typed: "--since", nearest: "" }],
  ["/logs gateway --limit many", { what: "value", typed: "--limit many" }],
  ["/logs gateway --limit 501", { what: "value" }],
  ["/logs gateway --level loud", { what: "value" }],
  ["/logs gateway --since", { what: "value", typed: "--since" }],
  ["/logs", { what: "service" }],
  ["/logs gateway error", { what: "word", typed: "error", nearest: "--grep error" }],
  ["/services gateway", { what: "word", typed: "gateway", nearest: "" }],
  ["/pods --limit 51", { what: "value" }],
  ["/proposal", { what: "command", nearest: "/proposals" }],
  ["/polcy local", { what: "command", nearest: "/policy" }],
  ["/user list", { what: "command", nearest: "/users" }],
  ["/cancle", { what: "command", nearest: "/cancel" }],
  ["/metrics", { what: "panel" }],
  ["/metrics latency", { what: "value" }],
])("%s is a mistake that names what would be right", (text, mistake) => {
  expect(parseCommand(text)).toMatchObject({ kind: "mistake", mistake });
});

test("every command of the list is parsed, done and in the help", () => {
  for (const name of commandNames) {
    const { kind } = parseCommand(commandList[name].example);
    expect(kind, name).not.toBe("mistake");
    expect(controlCommands.has(name), name).toBe(kind === "control");
    for (const language of ["en", "zh"] as const) {
      expect(helpText(language)).toContain(`- \`${commandList[name].example}\``);
    }
  }
});

test("the help says in a line what each command does, in both languages", () => {
  const linesOf = (language: "en" | "zh") =>
    commandLines(language).map((line) => line.split("`").at(2));
  expect(linesOf("en")).toHaveLength(commandNames.length);
  expect(linesOf("en").filter((does) => !/^: \w.{3}/.test(does ?? ""))).toEqual([]);
  expect(linesOf("zh").filter((does) => !/^：.*\p{Script=Han}{2}/u.test(does ?? ""))).toEqual([]);
});

test("a path in a sentence is no command", () => {
  expect(isCommand("look at /var/log")).toBe(false);
  expect(isCommand("  /help")).toBe(true);
});
