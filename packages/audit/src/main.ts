import "@resonance/kit/assert-node";
import { ConfigError, commandFailure, ofHome } from "@resonance/kit";
import { runAudit } from "./run-audit.ts";

const environment = ofHome(process.env, {
  RESONANCE_MYSQL_URL: "mysql-logic-url",
  RESONANCE_AUDIT_KEY: "audit-key",
});
try {
  process.exitCode = await runAudit(process.argv.slice(2), environment, {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  });
} catch (error) {
  process.stderr.write(`${commandFailure(error, environment)}\n`);
  process.exitCode = error instanceof ConfigError ? 78 : 1;
}
