import { ClientError, signIn } from "@resonance/client";
import {
  aborted,
  ConfigError,
  type Environment,
  readConfig,
  terminalLanguage,
} from "@resonance/kit";
import { StackConfig } from "./config.ts";
import { openStack, type Stack } from "./open-stack.ts";
import { StartError } from "./start-error.ts";
import { watchStopSignals } from "./stop-signals.ts";
import { type Sentences, sentences } from "./texts.ts";

const badConfiguration = 78;
const endedAtOnce = 130;

/** `npm start`: runs until Ctrl-C. Exit codes: 0 stopped, 1 failed, 78 bad configuration. */
export async function runStart(environment: Environment): Promise<number> {
  const say = sentences[terminalLanguage(environment)];
  const print = (text: string) => process.stdout.write(`${text}\n`);
  // A terminal that has closed takes nothing any more; stopping in order goes on without it.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  using stop = watchStopSignals({
    underNpm: environment.npm_lifecycle_event !== undefined,
    // On a terminal ^C stands in the line already.
    onStop: () => print(process.stdout.isTTY ? `\n${say.stopping}` : say.stopping),
    // What is left of the services ends with this process, and so do the servers.
    force: () => process.exit(endedAtOnce),
  });
  let isOpen = false;
  try {
    const config = readConfig(StackConfig, environment);
    await using stack = await openStack({
      home: config.RESONANCE_HOME,
      httpPort: config.RESONANCE_HTTP_PORT,
      environment,
      notify: (event) => print(say.event(event)),
      signal: stop.signal,
    });
    isOpen = true;
    const passwordFits = await signsIn(stack, stop.signal);
    print(`\nResonance is ready: ${stack.url}\n`);
    print(say.welcome(stack.adminPassword));
    if (!passwordFits) print(say.passwordChanged);
    print("");
    await aborted(stop.signal);
  } catch (error) {
    // A start that is called off may fail in any way.
    if (isOpen || !stop.signal.aborted) {
      process.stderr.write(`\n${failure(error, say)}\n`);
      return error instanceof ConfigError ? badConfiguration : 1;
    }
  }
  print(say.stopped);
  return 0;
}

/** In a database that was there before, admin may have another password than this home's. */
async function signsIn(stack: Stack, signal: AbortSignal): Promise<boolean> {
  try {
    await signIn(stack.url, { username: "admin", password: stack.adminPassword }, signal);
    return true;
  } catch (error) {
    // Anything else that may be wrong does not speak against the password.
    return !(error instanceof ClientError && error.reason === "bad_credentials");
  }
}

/** Errors that are made for the terminal are shown as they are, all others with their stack. */
function failure(error: unknown, say: Sentences): string {
  if (error instanceof StartError) return say.problem(error.problem);
  if (!(error instanceof Error)) return String(error);
  const isPlain = ["ConfigError", "ServersError", "ChatError"].includes(error.name);
  return isPlain ? error.message : (error.stack ?? error.message);
}
