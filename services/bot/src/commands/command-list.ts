/** What a command is like. Parsing, /help and the nearest to a mistyped one come from this list. */
type CommandShape = {
  /**
   * `tools`: parsed here and answered from tools. `itself`: by code of its own, which reads the
   * words too; see control-commands.ts.
   */
  readonly by: "tools" | "itself";
  /** How many words the command takes besides its name and options. */
  readonly words: number;
  readonly options: readonly string[];
  /** Options that hold no value. */
  readonly flags?: readonly string[];
  /** As /help shows it. */
  readonly example: string;
};

const place = ["--namespace"] as const;
const byItself = { by: "itself", words: 9, options: [] } as const;

export const commandList = {
  "/status": { by: "tools", words: 0, options: [], example: "/status" },
  "/services": { by: "tools", words: 0, options: [], example: "/services" },
  "/pods": {
    by: "tools",
    words: 1,
    options: [...place, "--status", "--node", "--limit"],
    example: "/pods shop --namespace prod --status unhealthy",
  },
  "/logs": {
    by: "tools",
    words: 1,
    options: [...place, "--since", "--until", "--grep", "--exclude", "--level", "--limit"],
    flags: ["--previous"],
    example: "/logs gateway --since 30m --grep error --level warn --limit 50",
  },
  "/metrics": {
    by: "tools",
    words: 2,
    options: ["--since", "--until", "--service"],
    example: "/metrics send_latency --since 30m",
  },
  "/events": {
    by: "tools",
    words: 1,
    options: [...place, "--since", "--until", "--limit"],
    flags: ["--all"],
    example: "/events gateway --since 2h",
  },
  "/diagnose": {
    by: "tools",
    words: 1,
    options: [...place, "--since", "--until"],
    example: "/diagnose gateway --since 14:00 --until 14:30",
  },
  "/restart": { ...byItself, options: [...place], example: "/restart task" },
  "/proposals": { ...byItself, example: "/proposals" },
  "/approve": { ...byItself, example: "/approve k7m2pq" },
  "/reject": { ...byItself, example: "/reject k7m2pq" },
  "/cancel": { ...byItself, example: "/cancel" },
  "/clear": { ...byItself, example: "/clear" },
  "/runs": { ...byItself, example: "/runs" },
  "/policy": { ...byItself, example: "/policy local" },
  "/users": { ...byItself, example: "/users list" },
  "/audit": { ...byItself, example: "/audit" },
  "/model": { ...byItself, example: "/model" },
  "/help": { by: "tools", words: 0, options: [], example: "/help" },
} as const satisfies Record<string, CommandShape>;

export type CommandName = keyof typeof commandList;

/** Commands that are done by code of their own. */
export type ControlName = {
  [Name in CommandName]: (typeof commandList)[Name]["by"] extends "itself" ? Name : never;
}[CommandName];

// Object.keys forgets that the keys are the list's.
export const commandNames = Object.keys(commandList) as CommandName[];

export function shapeOf(name: CommandName): CommandShape {
  return commandList[name];
}

export function isControlName(name: CommandName): name is ControlName {
  return commandList[name].by === "itself";
}
