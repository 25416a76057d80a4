import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BusUser, busUsers } from "@resonance/bus";
import { type DatabaseUser, databaseUsers } from "@resonance/migrations/accounts";
import { makeServiceKey, publicKeysOf, type ServiceName, serviceNames } from "@resonance/rpc";

export type Secrets = {
  readonly adminPassword: string;
  readonly adminPasswordFile: string;
  readonly authSecretKeyFile: string;
  /** Of the audit's hash chain. */
  readonly auditKeyFile: string;
  /** Each service's private key, by which others know it. */
  readonly serviceKeyFiles: Readonly<Record<ServiceName, string>>;
  /** The public halves of all of them. */
  readonly serviceKeysFile: string;
  /** Of the accounts of the private servers. */
  readonly mysqlRootPassword: string;
  readonly mysqlPasswords: Readonly<Record<DatabaseUser, string>>;
  readonly natsPasswords: Readonly<Record<BusUser, string>>;
  /** Keeps a URL with a password in it from the environment: gives the path of its file. */
  keepUrl(name: string, url: string): Promise<string>;
  /** Removes what an earlier start kept, if anything. */
  forgetUrl(name: string): Promise<void>;
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
  const auditKeyFile = join(folder, "audit-key");
  await readOrMake(auditKeyFile, () => randomBytes(48).toString("base64url"));
  const adminPassword = await readOrMake(adminPasswordFile, makePassword);
  const serviceKeys = await openServiceKeys(folder);
  const passwords = async <Name extends string>(kind: string, names: readonly Name[]) => {
    const make = (name: Name) => readOrMake(join(folder, `${kind}-${name}-password`), makePassword);
    const made = names.map(async (name) => [name, await make(name)] as const);
    // fromEntries forgets the key type; the keys are `names`.
    return Object.fromEntries(await Promise.all(made)) as Record<Name, string>;
  };
  const urlFile = (name: string) => join(folder, `${name}-url`);
  const { root, ...mysqlPasswords } = await passwords("mysql", ["root", ...databaseUsers]);
  return {
    adminPassword,
    adminPasswordFile,
    authSecretKeyFile,
    auditKeyFile,
    ...serviceKeys,
    mysqlRootPassword: root,
    mysqlPasswords,
    natsPasswords: await passwords("nats", busUsers),
    async keepUrl(name, url) {
      const path = urlFile(name);
      await writeWhole(path, url);
      return path;
    },
    forgetUrl: (name) => rm(urlFile(name), { force: true }),
  };
}

async function openServiceKeys(
  folder: string,
): Promise<Pick<Secrets, "serviceKeyFiles" | "serviceKeysFile">> {
  const serviceKeysFile = join(folder, "service-keys.json");
  const files = serviceNames.map((name) => [name, join(folder, `${name}-service-key`)] as const);
  const keys = await Promise.all(
    files.map(async ([name, file]) => [name, await readOrMake(file, makeServiceKey)] as const),
  );
  // Anew at every start: what the private keys say is what counts.
  await writeWhole(serviceKeysFile, JSON.stringify(publicKeysOf(Object.fromEntries(keys))));
  // fromEntries forgets the key type; the keys are serviceNames.
  const serviceKeyFiles = Object.fromEntries(files) as Record<ServiceName, string>;
  return { serviceKeyFiles, serviceKeysFile };
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
  const value = make();
  await writeWhole(path, value);
  return value;
}

/** Written aside first: a secret is there whole or not at all. */
async function writeWhole(path: string, value: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${value.trim()}\n`, { mode: 0o600 });
  await rename(draft, path);
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
