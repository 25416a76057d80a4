import { hostname } from "node:os";
import { type AuditEntry, AuditLog } from "@resonance/audit";
import type { Database, Pipeline } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import type { Restarter } from "@resonance/ops-mcp";
import type { OnWrite, Permit } from "./loop/answer-call.ts";
import type { Redaction } from "./loop/keep-result.ts";
import type { BotMetrics } from "./metrics.ts";
import { permitReads } from "./permission/permit-reads.ts";
import { localPolicy, shippedPolicy } from "./permission/policy.ts";
import { fixedPolicy, openPolicyFile, type PolicySource } from "./permission/policy-file.ts";
import { ProposalKeeper } from "./proposals/proposal-keeper.ts";
import { proposeWrites } from "./proposals/propose.ts";
import { withoutRemote } from "./render/without-remote.ts";
import { sendAsBot } from "./store-answer.ts";

export type Trust = {
  readonly policy: PolicySource;
  readonly audit: Pick<AuditLog, "append" | "appendWith">;
  readonly permit: Permit;
  readonly onWrite: OnWrite;
  readonly wake: () => void;
};

const lookEveryMs = 500;
const everyMs = 2_000;

/** Who may do what, what is asked for and decided, and the record of it. Closes with the stack. */
export async function openTrust(options: {
  readonly stack: AsyncDisposableStack;
  readonly config: {
    readonly RESONANCE_AUDIT_KEY: string;
    readonly RESONANCE_BUILT_IN_POLICY: "shipped" | "local";
    readonly RESONANCE_POLICY_FILE?: string | undefined;
    readonly RESONANCE_BOT_LEASE_MS: number;
    readonly RESONANCE_BOT_ROLLOUT_MS: number;
  };
  readonly db: Database;
  readonly pipeline: Pipeline;
  readonly chat: Parameters<typeof sendAsBot>[0]["chat"];
  readonly bot: string;
  readonly restarter: Restarter;
  readonly redaction: Redaction;
  readonly metrics: BotMetrics;
  readonly log: Logger;
}): Promise<Trust> {
  const { stack, config, db, pipeline, chat, bot, restarter, redaction, metrics, log } = options;
  const record = new AuditLog(pipeline, config.RESONANCE_AUDIT_KEY);
  // On record are words of people and of what was looked at: they pass the boundary too.
  const redacted = (entry: AuditEntry) => ({ ...entry, details: redaction.json(entry.details) });
  const audit: Trust["audit"] = {
    append: async (entry) => await record.append(redacted(entry)),
    appendWith: async (entries, alongside) =>
      await record.appendWith(entries.map(redacted), alongside),
  };
  const changed = () => {
    const entry = {
      kind: "policy",
      actor: bot,
      details: { file: config.RESONANCE_POLICY_FILE },
    } as const;
    audit.append(entry).catch((error: unknown) => log.error({ err: error }, "not on record"));
  };
  const policy =
    config.RESONANCE_POLICY_FILE === undefined
      ? fixedPolicy(config.RESONANCE_BUILT_IN_POLICY === "local" ? localPolicy : shippedPolicy)
      : await openPolicyFile(config.RESONANCE_POLICY_FILE, log, changed);
  const proposing = { db, policy, restarter, audit, bot, redact: redaction.text, metrics };
  const keeper = stack.use(
    new ProposalKeeper({
      ...proposing,
      owner: `${hostname().slice(0, 40)}:${process.pid}`,
      leaseMs: config.RESONANCE_BOT_LEASE_MS,
      watchMs: config.RESONANCE_BOT_ROLLOUT_MS,
      lookEveryMs,
      everyMs,
      log,
      say: async (sessionId, clientMsgId, content, signal) => {
        const stored = await sendAsBot(
          { chat, log },
          { sessionId, bot, clientMsgId, content: withoutRemote(content) },
          signal,
        );
        return stored !== "refused";
      },
    }),
  );
  const wake = () => keeper.wake();
  return {
    policy,
    audit,
    permit: permitReads({ db, policy }),
    onWrite: proposeWrites({ ...proposing, wake }),
    wake,
  };
}
