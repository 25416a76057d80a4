import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openServers, type Servers } from "@resonance/testkit";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";

const command = fileURLToPath(new URL("main.ts", import.meta.url));
const opened = new AsyncDisposableStack();
// Accounts are a whole server's: other tests must not meet these.
let servers: Servers;

beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), "resonance-grant-"));
  opened.defer(() => rm(home, { recursive: true, force: true }));
  servers = opened.use(
    await openServers({
      home,
      durability: "fast",
      environment: { ...process.env, RESONANCE_MYSQL_URL: "", RESONANCE_NATS_URL: "" },
      notify: () => undefined,
      signal: AbortSignal.timeout(120_000),
    }),
  );
}, 120_000);
afterAll(() => opened.disposeAsync());

function passwords(suffix: string): Record<string, string> {
  const names = ["LOGIC", "TASK", "BOT"];
  return Object.fromEntries(
    names.map((name) => [`RESONANCE_MYSQL_${name}_PASSWORD`, `the password of ${name}${suffix}`]),
  );
}

async function migrate(words: readonly string[], settings: Record<string, string> = {}) {
  const env = {
    PATH: process.env.PATH,
    RESONANCE_MYSQL_URL: `${servers.mysql.url}ours`,
    ...settings,
  };
  const running = promisify(execFile)(process.execPath, [command, ...words], { env });
  return await running.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr }),
  );
}

async function asBot(password: string, statement: string): Promise<number> {
  const uri = new URL(`${servers.mysql.url}ours`);
  uri.username = "resonance_bot";
  uri.password = encodeURIComponent(password);
  const connection = await createConnection({ uri: uri.href }).catch(({ errno }) => errno);
  if (typeof connection === "number") return connection;
  return await connection
    .query(statement)
    .then(
      () => 0,
      ({ errno }: { errno: number }) => errno,
    )
    .finally(() => connection.destroy());
}

test("grant makes the tables and an account with least rights for each service", async () => {
  const { code, said } = await migrate(["grant"], passwords(""));

  expect(code).toBe(0);
  for (const name of ["logic", "task", "bot"]) expect(said).toContain(`resonance_${name}`);
  expect(said).not.toContain("the password of");
  expect(await asBot("the password of BOT", "SELECT COUNT(*) FROM t_audit")).toBe(0);
  expect(await asBot("the password of BOT", "DELETE FROM t_audit")).toBe(1142);
  expect(await asBot("the password of BOT", "SELECT password FROM t_user")).toBe(1143);
});

test("grant again changes the passwords, and takes away what else an account was given", async () => {
  await migrate(["grant"], passwords(""));
  const root = await createConnection({ uri: `${servers.mysql.url}ours` });
  await root.query("GRANT DELETE ON ours.t_audit TO 'resonance_bot'@'%'");
  await root.query("GRANT SELECT (password) ON ours.t_user TO 'resonance_bot'@'%'");
  await root.end();
  expect(await asBot("the password of BOT", "DELETE FROM t_audit")).toBe(0);

  expect(await migrate(["grant"], passwords(", anew"))).toMatchObject({ code: 0 });

  expect(await asBot("the password of BOT", "SELECT 1")).toBe(1045);
  expect(await asBot("the password of BOT, anew", "DELETE FROM t_audit")).toBe(1142);
  expect(await asBot("the password of BOT, anew", "SELECT password FROM t_user")).toBe(1143);
});

test("grant again, beside services that run, takes away no right that they need", async () => {
  await migrate(["grant"], passwords(""));
  const uri = new URL(`${servers.mysql.url}ours`);
  uri.username = "resonance_logic";
  uri.password = encodeURIComponent("the password of LOGIC");
  const service = await createConnection({ uri: uri.href });
  const granting = migrate(["grant"], passwords(""));
  let isGranting = true;
  const granted = granting.finally(() => {
    isGranting = false;
  });
  const refusals: number[] = [];
  while (isGranting) {
    for (const table of ["t_audit", "t_inbox", "t_user"]) {
      await service
        .query(`SELECT COUNT(*) FROM ${table}`)
        .catch(({ errno }: { errno: number }) => refusals.push(errno));
    }
  }
  service.destroy();

  expect(await granted).toMatchObject({ code: 0 });
  expect(refusals).toEqual([]);
});

test("without good passwords nothing is granted, and all that is wrong is named", async () => {
  const { code, said } = await migrate(["grant"], { RESONANCE_MYSQL_BOT_PASSWORD: "short" });

  expect(code).toBe(1);
  expect(said).toMatch(/LOGIC_PASSWORD is missing[\s\S]*TASK_PASSWORD[\s\S]*BOT_PASSWORD/);
  expect(said).not.toContain("short\n");
});

test("an unknown word is answered with the usage", async () => {
  expect(await migrate(["grnt"])).toMatchObject({
    code: 2,
    said: expect.stringContaining("grant"),
  });
});
