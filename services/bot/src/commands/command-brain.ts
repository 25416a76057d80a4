import type { BrainPort } from "../brain/model-port.ts";
import { nextByReplay } from "../brain/offline/replay.ts";
import { parseCommand } from "./parse-command.ts";
import { runCommand } from "./run-command.ts";

/**
 * Runs the command that the question is, through the same steps and tools as a brain would, and
 * with no brain: so commands work whatever is the matter with the model.
 */
export const commandBrain: BrainPort = {
  name: "offline",
  model: "",
  reach: "local",
  next: (request, signal) =>
    nextByReplay(
      ({ text, language }, tools) => runCommand(parseCommand(text), language, tools, signal),
      request,
      signal,
    ),
};
