import "@resonance/kit/assert-node";
import { openDatabase } from "@resonance/db";
import { ofHome, readConfig } from "@resonance/kit";
import { Config } from "./config.ts";
import { runDeadLetters } from "./run.ts";

try {
  const { RESONANCE_MYSQL_URL } = readConfig(
    Config,
    ofHome(process.env, { RESONANCE_MYSQL_URL: "mysql-logic-url" }),
  );
  await using db = openDatabase(RESONANCE_MYSQL_URL);
  process.exitCode = await runDeadLetters(
    { db, say: (line) => process.stdout.write(`${line}\n`) },
    process.argv.slice(2),
    AbortSignal.timeout(600_000),
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
