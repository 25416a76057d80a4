import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@resonance/testkit";

/** The named places in the services' code; each lies between two effects. */
export type FailpointName =
  /** All rows are written and the session's seqs given out; nothing is committed. */
  | "logic.before_commit"
  /** The message is committed; nobody has been told. */
  | "logic.after_commit"
  /** JetStream has the events; the outbox does not know. */
  | "logic.after_publish"
  /** Of a room of over 1,000 members some inbox rows are written, and nothing is committed. */
  | "task.amid_inbox"
  /** The inbox rows are durable; nothing is delivered. */
  | "task.after_inbox"
  /** All is delivered; the event is not acknowledged. */
  | "task.before_ack"
  /** Logic has stored the message; the client has no Ack. */
  | "gateway.before_ack"
  /** There is a run to work on; nobody has it. */
  | "bot.before_claim"
  /** The run's row is taken, and not committed. */
  | "bot.amid_claim"
  /** The run is this worker's; nothing is done yet. */
  | "bot.after_claim"
  | "bot.before_first_token"
  /** The brain has begun to speak; its step is not stored. */
  | "bot.after_first_token"
  /** The tool's step is stored as begun; the call is not made. */
  | "bot.before_tool"
  | "bot.amid_tool"
  /** The tool has answered; its result is not stored. */
  | "bot.after_tool"
  | "bot.before_step"
  | "bot.after_step"
  /** The answer is known, and not sent to Logic. */
  | "bot.before_answer"
  /** The answer is on record and a step that is stored, and not sent to Logic. */
  | "bot.after_record"
  /** Logic has the answer; the run is not marked as ended. */
  | "bot.after_answer"
  /** The worker was told to stop, with runs in hand. */
  | "bot.amid_shutdown"
  /** The approved proposal is this worker's; nothing is checked yet. */
  | "bot.proposal_after_claim"
  /** It is on record that it will happen; it is not marked as begun. */
  | "bot.proposal_before_begin"
  /** It is marked as begun, and not begun. */
  | "bot.proposal_marked"
  /** The restart is asked for; nobody has looked what came of it. */
  | "bot.proposal_after_begin"
  /** What came of it is known, and neither on record nor stored. */
  | "bot.proposal_before_outcome"
  /** The outcome is stored; nobody has been told. */
  | "bot.proposal_after_outcome";

/** What happens to the process that passes: SIGKILL, or SIGSTOP until somebody continues it. */
export type Action = "kill" | "stop";

export type Failpoints = AsyncDisposable & {
  /** For the services' RESONANCE_FAILPOINTS. */
  readonly folder: string;
  /** Arms a place for the next process that passes it. */
  arm(name: FailpointName, action: Action): Promise<void>;
  /** Resolves when a process has passed the armed place. */
  struck(name: FailpointName): Promise<void>;
  /** Arms a place, and resolves when a process has passed it. */
  strike(name: FailpointName, action: Action): Promise<void>;
};

export async function openFailpoints(): Promise<Failpoints> {
  const folder = await mkdtemp(join(tmpdir(), "resonance-failpoints-"));
  const arm = async (name: FailpointName, action: Action) => {
    const file = join(folder, name);
    // Renamed, so that no process reads it half written.
    await writeFile(`${file}.draft`, action);
    await rename(`${file}.draft`, file);
  };
  const struck = async (name: FailpointName) => {
    const file = join(folder, name);
    await eventually(() => !existsSync(file), { timeoutMs: 30_000, intervalMs: 5 });
  };
  return {
    folder,
    arm,
    struck,
    async strike(name, action) {
      await arm(name, action);
      await struck(name);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
