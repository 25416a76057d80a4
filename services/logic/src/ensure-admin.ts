import { ChatError, type Logger } from "@resonance/kit";
import type { Username } from "@resonance/mq-proto";
import { createAccount, type RegisterDeps } from "./register.ts";
import { findUser } from "./sql/users.ts";

const admin = "admin" as Username;

/** Makes the user `admin` with this password if there is none. An existing one stays as it is. */
export async function ensureAdmin(
  deps: RegisterDeps,
  password: string,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  if (await findUser(deps.db, admin)) return;
  try {
    await createAccount(
      deps,
      { username: admin, nickname: "admin", password, role: "admin" },
      signal,
    );
    log.info("made the user admin");
  } catch (error) {
    // Two processes that start together both find no admin; one of them makes it.
    if (!(error instanceof ChatError && error.reason === "name_taken")) throw error;
  }
}
