import { describeEntry, type ModelRequest } from "./model-request.ts";
import type { Reply } from "./reply.ts";

/** One request that has to come, and what is answered to it. */
export type Exchange = {
  /** Default: any request. */
  readonly expect?: Expected;
  readonly reply: Reply;
};

/** What a request has to be. What is not named may be anything. */
export type Expected = {
  readonly model?: string;
  readonly system?: string | RegExp;
  /**
   * The whole conversation, one line an entry: `user: …`, `assistant: …`, `thinking: …`,
   * `calls get_logs {"service":"gateway"}`, `result: …`, `error: …`.
   */
  readonly conversation?: readonly (string | RegExp)[];
  /** The last line of it. */
  readonly last?: string | RegExp;
  /** The names, in order. */
  readonly tools?: readonly string[];
  readonly toolChoice?: "auto" | "none";
};

/** The differences, one a line, `-` for what was expected and `+` for what came; empty: none. */
export function differences(expected: Expected, request: ModelRequest): string[] {
  const lines = request.entries.map(describeEntry);
  return [
    ...differenceOf("model", expected.model, request.model),
    ...differenceOf("system", expected.system, request.system),
    ...differenceOf("last", expected.last, lines.at(-1) ?? ""),
    ...differenceOf("tool choice", expected.toolChoice, request.toolChoice),
    ...differencesOf(
      "tools",
      expected.tools,
      request.tools.map(({ name }) => name),
    ),
    ...differencesOf("conversation", expected.conversation, lines),
  ];
}

function differenceOf(name: string, expected: string | RegExp | undefined, got: string): string[] {
  if (expected === undefined || matches(expected, got)) return [];
  return [`${name}:`, `  - ${expected}`, `  + ${got}`];
}

function differencesOf(
  name: string,
  expected: readonly (string | RegExp)[] | undefined,
  got: readonly string[],
): string[] {
  if (expected === undefined) return [];
  const isSame = expected.length === got.length && expected.every((one, i) => matches(one, got[i]));
  if (isSame) return [];
  const lines = Array.from({ length: Math.max(expected.length, got.length) }, (_, i) => {
    const [one, other] = [expected[i], got[i]];
    if (one !== undefined && matches(one, other)) return [`    ${other}`];
    return [
      ...(one === undefined ? [] : [`  - ${one}`]),
      ...(other === undefined ? [] : [`  + ${other}`]),
    ];
  });
  return [`${name}:`, ...lines.flat()];
}

function matches(expected: string | RegExp, got: string | undefined): boolean {
  if (got === undefined) return false;
  return typeof expected === "string" ? expected === got : expected.test(got);
}
