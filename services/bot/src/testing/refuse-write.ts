import type { OnWrite } from "../loop/answer-call.ts";

/** Proposes nothing, and says so. */
export const refuseWrite: OnWrite = async ({ name }) => ({
  outcome: "error",
  text: `NOT CALLED. ${name} changes the system, and nothing that does can be done or proposed here. Nothing was done.`,
});
