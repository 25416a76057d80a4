import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ClientError } from "@resonance/client";
import { ConfigError, type Environment, readConfig, terminalLanguage } from "@resonance/kit";
import { z } from "zod";
import { type AskArguments, asksForUsage, parseAskArguments } from "./ask-arguments.ts";
import { askQuestion } from "./ask-question.ts";
import { type AskSentences, askSentences } from "./ask-texts.ts";
import { AskConfig } from "./config.ts";
import { readLiveStack } from "./home-lock.ts";
import { commandToApprove, proposalIn } from "./how-to-decide.ts";
import { progressPrinter } from "./progress-printer.ts";
import { readAdminPassword } from "./secrets.ts";

type Target = { readonly url: string; readonly password: string };

/** `npm run ask`: the answer goes to standard output, all else to standard error. */
export async function runAsk(words: readonly string[], environment: Environment): Promise<number> {
  const say = askSentences[terminalLanguage(environment)];
  const fail = (reason: string): number => {
    process.stderr.write(`${reason}\n`);
    return 1;
  };
  if (asksForUsage(words)) {
    process.stdout.write(`${say.usage}\n`);
    return 0;
  }
  try {
    const config = readConfig(AskConfig, environment);
    const request = parseAskArguments(words);
    const home = config.RESONANCE_HOME;
    const target = await findTarget(request, home, config.RESONANCE_PASSWORD, say);
    if (typeof target === "string") return fail(target);
    return await printAnswer(request, target, { home, say, fail });
  } catch (error) {
    if (error instanceof TypeError) return fail(`${error.message}\n\n${say.usage}`);
    if (error instanceof ConfigError) return fail(error.message);
    throw error;
  }
}

/** Where to ask and with which password, or a sentence that says why that is not known. */
async function findTarget(
  request: AskArguments,
  home: string,
  givenPassword: string | undefined,
  say: AskSentences,
): Promise<Target | string> {
  const url = request.url ?? readLiveStack(home)?.url;
  if (url === undefined) return say.notRunning(home);
  const ownPassword = request.user === "admin" ? await readAdminPassword(home) : undefined;
  const password = givenPassword ?? ownPassword;
  if (password === undefined) return say.noPassword(request.user);
  return { url, password };
}

async function printAnswer(
  request: AskArguments,
  target: Target,
  context: {
    readonly home: string;
    readonly say: AskSentences;
    readonly fail: (reason: string) => number;
  },
): Promise<number> {
  const { home, say, fail } = context;
  const progress = progressPrinter(process.stderr);
  const limit = AbortSignal.timeout(request.timeoutMs);
  const { question, user: username } = request;
  try {
    const onProgress = progress.show;
    const answer = await askQuestion({ ...target, username, question, onProgress }, limit);
    progress.clear();
    process.stdout.write(`${answer.trimEnd()}\n`);
    const proposal = proposalIn(answer);
    if (proposal !== undefined) {
      const command = commandToApprove(proposal, request);
      process.stderr.write(`\n${say.howToDecide(target.url, command)}\n`);
    }
    return 0;
  } catch (error) {
    progress.clear();
    const down = request.url === undefined ? servicesThatAreDown(home) : [];
    if (limit.aborted) return fail(say.noAnswer(request.timeoutMs / 1000, down));
    if (error instanceof ClientError) {
      return fail(say.refused(error, { url: target.url, user: username, down }));
    }
    throw error;
  }
}

const StackFileNames = z.object({
  services: z.array(z.object({ name: z.string(), state: z.string() })),
});

function servicesThatAreDown(home: string): string[] {
  try {
    const file = readFileSync(join(home, "run", "services.json"), "utf8");
    const { services } = StackFileNames.parse(JSON.parse(file));
    return services.filter(({ state }) => state !== "running").map(({ name }) => name);
  } catch {
    // It only makes the reason fuller.
    return [];
  }
}
