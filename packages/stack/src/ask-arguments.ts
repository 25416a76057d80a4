import { parseArgs } from "node:util";

export type AskArguments = {
  readonly question: string;
  readonly timeoutMs: number;
  /** Undefined: the stack of this home. */
  readonly url: string | undefined;
  readonly user: string;
};

const defaultTimeoutSeconds = 120;
const longestTimeoutSeconds = 86_400;

/** Whether nothing is asked but how it is asked. */
export function asksForUsage(words: readonly string[]): boolean {
  return words.length === 1 && (words[0] === "--help" || words[0] === "-h");
}

/** Parses what stands behind `npm run ask --`. @throws TypeError that says what is wrong */
export function parseAskArguments(words: readonly string[]): AskArguments {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      timeout: { type: "string", default: String(defaultTimeoutSeconds) },
      url: { type: "string" },
      user: { type: "string", default: "admin" },
    },
  });
  // Words without quotes around them are one question all the same.
  const question = positionals.join(" ").trim();
  if (question === "") throw new TypeError("there is no question");
  const seconds = Number(values.timeout);
  if (!(seconds > 0 && seconds <= longestTimeoutSeconds)) {
    throw new TypeError(`--timeout must be a number of seconds, not ${values.timeout}`);
  }
  if (values.url !== undefined && !/^https?:$/.test(URL.parse(values.url)?.protocol ?? "")) {
    throw new TypeError(`--url must look like http://localhost:8080, not ${values.url}`);
  }
  if (values.user === "") throw new TypeError("--user is empty");
  return { question, timeoutMs: seconds * 1000, url: values.url, user: values.user };
}
