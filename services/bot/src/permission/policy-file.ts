import { readFile, stat } from "node:fs/promises";
import { ConfigError, type Logger } from "@resonance/kit";
import type { Policy } from "./policy.ts";
import { readPolicy } from "./read-policy.ts";

/** The policy as it is now. */
export type PolicySource = {
  /** Never rejects: while the file is broken the last good policy holds, and the log says why. */
  current(): Promise<Policy>;
};

const lookEveryMs = 1_000;

/** A policy that does not change. */
export function fixedPolicy(policy: Policy): PolicySource {
  return { current: () => Promise.resolve(policy) };
}

/**
 * A policy from a file, read again when the file has changed.
 *
 * @param onChange told of each new policy that holds
 * @throws ConfigError at the first reading
 */
export async function openPolicyFile(
  path: string,
  log: Logger,
  onChange: () => void,
  nowMs: () => number = Date.now,
): Promise<PolicySource> {
  let policy = readPolicy(await readFirst(path), path);
  let read = await signOf(path);
  let looked = nowMs();
  return {
    async current() {
      if (nowMs() - looked < lookEveryMs) return policy;
      looked = nowMs();
      try {
        const sign = await signOf(path);
        if (sign === read) return policy;
        read = sign;
        policy = readPolicy(await readFile(path, "utf8"), path);
        log.info({ path }, "the policy has changed");
        onChange();
      } catch (error) {
        log.error({ err: error, path }, "the policy cannot be read; the one before still holds");
      }
      return policy;
    },
  };
}

async function readFirst(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`RESONANCE_POLICY_FILE: cannot read ${path}: ${why}`, { cause: error });
  }
}

/** Another one after every change. */
async function signOf(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path);
  return `${mtimeMs} ${size} ${ino}`;
}
