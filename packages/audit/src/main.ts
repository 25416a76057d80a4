import "@resonance/kit/assert-node";
import { ConfigError, ofHome } from "@resonance/kit";
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
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 78;
}
