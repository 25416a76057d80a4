import { checkAnswers } from "./check-answers.ts";
import { checkDevices } from "./check-devices.ts";
import { checkMessages } from "./check-messages.ts";
import { checkServers } from "./check-servers.ts";
import type { HistoryLine } from "./history.ts";
import type { Tables } from "./tables.ts";

export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I9" | "I10";

/** A broken invariant, with the ids that show it. */
export type Violation = { readonly invariant: Invariant; readonly what: string };

/**
 * Compares what clients saw with what the servers hold once everything is quiet:
 *
 * - I1 an acknowledged message is stored as acknowledged; I8 an attempt is stored at most once, and
 *   exactly once after its repetition
 * - I2 nothing twice; I3 a session's seqs are 1, 2, 3 … up to its max_seq_id
 * - I4 devices show a session in rising order, a device's messages are stored in its order
 * - I5 every member's inbox and devices have every message
 * - I6 every event is published and handled; I7 unread counts and read positions add up
 * - I9 every question has one answer, and no answer is without its question
 * - I10 nobody sees a session that is not theirs
 */
export function check(history: readonly HistoryLine[], tables: Tables): Violation[] {
  return [
    ...checkMessages(history, tables),
    ...checkDevices(history, tables),
    ...checkServers(history, tables),
    ...checkAnswers(history, tables),
  ];
}
