import "@resonance/kit/assert-node";
import { randomBytes } from "node:crypto";
import { AuditLog } from "@resonance/audit";
import { openDatabase } from "@resonance/db";
import { commandFailure, ofHome, readConfig, secret } from "@resonance/kit";
import { z } from "zod";
import { openPasswords } from "../passwords.ts";
import { runUsers } from "./run-users.ts";

const Config = z.object({
  RESONANCE_MYSQL_URL: z.url({ protocol: /^mysql$/ }),
  RESONANCE_AUDIT_KEY: secret,
});

const environment = ofHome(process.env, {
  RESONANCE_MYSQL_URL: "mysql-logic-url",
  RESONANCE_AUDIT_KEY: "audit-key",
});
try {
  const config = readConfig(Config, environment);
  await using db = openDatabase(config.RESONANCE_MYSQL_URL, { poolSize: 2 });
  process.exitCode = await runUsers(
    {
      db,
      audit: new AuditLog(db, config.RESONANCE_AUDIT_KEY),
      passwords: await openPasswords(12),
      nowMs: Date.now,
      makePassword: () => randomBytes(15).toString("base64url"),
      say: (line) => process.stdout.write(`${line}\n`),
    },
    process.argv.slice(2),
    AbortSignal.timeout(60_000),
  );
} catch (error) {
  process.stderr.write(`${commandFailure(error, environment)}\n`);
  process.exitCode = 1;
}
