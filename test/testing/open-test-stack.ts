import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStack, type Stack } from "@resonance/stack";
import { freePort } from "@resonance/testkit";

export type TestStack = Stack & {
  /** What the terminal was told. */
  readonly events: readonly { kind: string }[];
};

/**
 * Everything that `npm start` starts, in a folder and on ports of its own.
 *
 * @param environment further settings of the services
 */
export async function openTestStack(environment: NodeJS.ProcessEnv = {}): Promise<TestStack> {
  const home = await mkdtemp(join(tmpdir(), "resonance-system-"));
  const events: { kind: string }[] = [];
  const stack = await openStack({
    home,
    httpPort: await freePort(),
    environment: {
      ...process.env,
      RESONANCE_MYSQL_URL: "",
      RESONANCE_NATS_URL: "",
      RESONANCE_PASSWORD_COST: "10",
      ...environment,
    },
    notify: (event) => events.push(event),
    signal: AbortSignal.timeout(120_000),
  });
  return {
    ...stack,
    events,
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}
