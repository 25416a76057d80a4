import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type Secrets = {
  readonly adminPassword: string;
  readonly adminPasswordFile: string;
  readonly authSecretKeyFile: string;
};

/**
 * Reads the home's secrets; what is missing is made, once. The folder is for its owner only (0700),
 * so are the files (0600).
 */
export async function openSecrets(home: string): Promise<Secrets> {
  const folder = secretsFolder(home);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const authSecretKeyFile = join(folder, "auth-secret-key");
  const adminPasswordFile = join(folder, "admin-password");
  await readOrMake(authSecretKeyFile, () => randomBytes(48).toString("base64url"));
  const adminPassword = await readOrMake(adminPasswordFile, makePassword);
  return { adminPassword, adminPasswordFile, authSecretKeyFile };
}

/** The admin's password of a home, or undefined where no stack has been started yet. */
export async function readAdminPassword(home: string): Promise<string | undefined> {
  return await readSecret(join(secretsFolder(home), "admin-password"));
}

// Letters and digits that are not taken for one another: no 0 and o, 1, i and l, no u beside v.
const alphabet = "23456789abcdefghjkmnpqrstvwxyz";

/** 20 characters, each with log2(30) bits: 98 bits. */
export function makePassword(): string {
  let password = "";
  while (password.length < 20) {
    for (const byte of randomBytes(32)) {
      // Bytes past the last whole multiple would make the first letters likelier.
      if (byte >= 256 - (256 % alphabet.length) || password.length === 20) continue;
      password += alphabet[byte % alphabet.length];
    }
  }
  return password;
}

function secretsFolder(home: string): string {
  return join(home, "secrets");
}

async function readOrMake(path: string, make: () => string): Promise<string> {
  const existing = await readSecret(path);
  if (existing !== undefined) {
    await chmod(path, 0o600);
    return existing;
  }
  // Written aside first: a secret is there whole or not at all.
  const draft = `${path}.${process.pid}`;
  const value = make();
  await writeFile(draft, `${value}\n`, { mode: 0o600 });
  await rename(draft, path);
  return value;
}

async function readSecret(path: string): Promise<string | undefined> {
  try {
    // An empty file is what a full disk left behind.
    return (await readFile(path, "utf8")).trim() || undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
