import type { Question } from "../../question.ts";
import type { Brain, Toolbox } from "../brain.ts";
import { act, runCommand } from "./act.ts";
import { isCommand, parseCommand } from "./commands.ts";
import { understand } from "./understand.ts";
import type { Understanding } from "./understanding.ts";

type Remembered = { readonly understanding: Understanding; readonly atMs: number };

const followUpWithinMs = 15 * 60_000;
const mostRemembered = 1_000;

/** Answers by rules, without a model. Remembers each person's last question for follow-ups. */
export class OfflineBrain implements Brain {
  readonly name = "offline";
  readonly #remembered = new Map<string, Remembered>();

  async think(question: Question, tools: Toolbox, signal: AbortSignal): Promise<string> {
    const { text, language } = question;
    if (isCommand(text)) return await runCommand(parseCommand(text), language, tools, signal);
    const understanding = understand(text, this.#recall(question));
    this.#remember(question, understanding);
    return await act(understanding, tools, signal);
  }

  #recall(question: Question): Understanding | null {
    const before = this.#remembered.get(keyOf(question));
    const isRecent = before && question.askedUntilMs - before.atMs <= followUpWithinMs;
    return isRecent ? before.understanding : null;
  }

  #remember(question: Question, understanding: Understanding): void {
    const key = keyOf(question);
    // What was not understood does not make the question before it unsaid.
    if (understanding.intent === "unknown" || understanding.intent === "help") return;
    this.#remembered.delete(key);
    this.#remembered.set(key, { understanding, atMs: question.askedUntilMs });
    if (this.#remembered.size <= mostRemembered) return;
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined) this.#remembered.delete(oldest);
  }
}

function keyOf({ sessionId, from }: Question): string {
  return `${sessionId}\n${from}`;
}
