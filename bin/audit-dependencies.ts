/**
 * Whether a dependency has a known hole. What runs in service must have none of high severity; the
 * tools of development are told of and stop nothing. A registry that does not answer audits is said,
 * and stops nothing either: run it where one does.
 */
import { spawnSync } from "node:child_process";
import { type AuditVerdict, verdictOf } from "./audit-verdict.ts";

function audit(omitted: readonly string[]): AuditVerdict {
  const commands = ["audit", "--json", "--audit-level=high", ...omitted];
  const { stdout, error } = spawnSync("npm", commands, {
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error && "code" in error && error.code === "ETIMEDOUT") {
    return { kind: "unanswered", why: "ETIMEDOUT" };
  }
  if (error) throw error;
  return verdictOf(stdout, "high");
}

function say(what: string, verdict: AuditVerdict): void {
  const texts = {
    clean: "no known hole of high severity",
    holes: "known holes of high severity:",
    unanswered: "NOT CHECKED: the registry does not answer audits",
  } as const;
  const why = verdict.kind === "unanswered" ? ` (${verdict.why})` : "";
  process.stdout.write(`dependencies ${what}: ${texts[verdict.kind]}${why}\n`);
  if (verdict.kind !== "holes") return;
  for (const line of verdict.lines) process.stdout.write(`  ${line}\n`);
}

const inService = audit(["--omit=dev"]);
say("in service", inService);
const all: AuditVerdict = inService.kind === "unanswered" ? inService : audit([]);
if (all.kind !== "unanswered") say("with those of development", all);
process.exitCode = inService.kind === "holes" ? 1 : 0;
