import { differences, type Exchange } from "./exchange.ts";
import { describeEntry, type ModelRequest } from "./model-request.ts";
import type { Reply } from "./reply.ts";
import { ScriptMismatch } from "./script-mismatch.ts";

/** Given a request, and how many came before it, what the model answers. */
export type ReplyOf = (request: ModelRequest, before: number) => Reply | Promise<Reply>;

/** What the requests are answered with, and what was wrong with them. */
export type Script = {
  replyTo(request: ModelRequest): Reply | Promise<Reply>;
  /** @throws what went wrong: a ScriptMismatch, or the error of a script that is a function */
  assertDone(): void;
};

/** A function as script: any number of requests may come. */
export function scriptOf(replyOf: ReplyOf): Script {
  let count = 0;
  const errors: unknown[] = [];
  return {
    async replyTo(request) {
      try {
        return await replyOf(request, count++);
      } catch (error) {
        errors.push(error);
        throw new ScriptMismatch("the script threw", { cause: error });
      }
    },
    assertDone() {
      if (errors.length > 0) throw errors[0];
    },
  };
}

/** Answers request after request as written, and keeps what was not as expected. */
export class WrittenScript implements Script {
  readonly #exchanges: readonly Exchange[];
  readonly #problems: string[] = [];
  #next = 0;

  constructor(exchanges: readonly Exchange[]) {
    this.#exchanges = exchanges;
  }

  /** @throws ScriptMismatch for a request that is not the next one of the script */
  replyTo(request: ModelRequest): Reply {
    const number = this.#next + 1;
    const exchange = this.#exchanges[this.#next];
    this.#next += 1;
    if (exchange === undefined) {
      const last = request.entries.at(-1);
      const what = last === undefined ? "nothing" : describeEntry(last);
      return this.#refuse(`request ${number} was not expected; it ends with\n  + ${what}`);
    }
    const found = differences(exchange.expect ?? {}, request);
    if (found.length === 0) return exchange.reply;
    return this.#refuse(`request ${number} is not the expected one\n${indent(found)}`);
  }

  /** @throws ScriptMismatch that names every request which was wrong, unexpected or missing */
  assertDone(): void {
    const missing = this.#exchanges.length - this.#next;
    const problems = [
      ...this.#problems,
      ...(missing > 0 ? [`${missing} expected request(s) did not come`] : []),
    ];
    if (problems.length > 0) throw new ScriptMismatch(problems.join("\n"));
  }

  #refuse(problem: string): never {
    this.#problems.push(problem);
    throw new ScriptMismatch(problem);
  }
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
