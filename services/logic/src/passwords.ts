import { hash, verify } from "@node-rs/bcrypt";
import { ChatError } from "@resonance/kit";
import { limits } from "@resonance/mq-proto";

export type Passwords = {
  hash(password: string): Promise<string>;
  /** Takes as long for an unknown user (undefined) as for a wrong password. */
  matches(password: string, passwordHash: string | undefined): Promise<boolean>;
};

/** bcrypt on threads of its own, with hashes that the Go system verifies too. */
export async function openPasswords(cost: number): Promise<Passwords> {
  const nobodys = await hash("nobody's password", { cost });
  return {
    hash: (password) => hash(password, { cost }),
    async matches(password, passwordHash) {
      const usable = passwordHash?.startsWith("$2") === true;
      const matched = await verify(password, usable ? passwordHash : nobodys);
      return usable && matched;
    },
  };
}

/** @throws ChatError `invalid_argument` naming the rule that a new password breaks. */
export function checkNewPassword(password: string): void {
  if ([...password].length < limits.passwordMinCharacters) {
    throw new ChatError(
      "invalid_argument",
      `the password needs at least ${limits.passwordMinCharacters} characters`,
      { reason: "password_too_short", limit: limits.passwordMinCharacters },
    );
  }
  if (Buffer.byteLength(password) > limits.passwordMaxBytes) {
    throw new ChatError(
      "invalid_argument",
      `the password may have at most ${limits.passwordMaxBytes} bytes`,
      { reason: "password_too_long", limit: limits.passwordMaxBytes },
    );
  }
}
