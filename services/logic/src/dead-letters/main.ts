import "@resonance/kit/assert-node";
import { openDatabase } from "@resonance/db";
import { commandFailure, ofHome, readConfig } from "@resonance/kit";
import { Config } from "./config.ts";
import { runDeadLetters } from "./run.ts";

const environment = ofHome(process.env, { RESONANCE_MYSQL_URL: "mysql-logic-url" });
try {
  const { RESONANCE_MYSQL_URL } = readConfig(Config, environment);
  await using db = openDatabase(RESONANCE_MYSQL_URL);
  process.exitCode = await runDeadLetters(
    { db, say: (line) => process.stdout.write(`${line}\n`) },
    process.argv.slice(2),
    AbortSignal.timeout(600_000),
  );
} catch (error) {
  process.stderr.write(`${commandFailure(error, environment)}\n`);
  process.exitCode = 1;
}
