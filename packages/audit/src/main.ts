import "@resonance/kit/assert-node";
import { ofHome } from "@resonance/kit";
import { runAudit } from "./run-audit.ts";

const environment = ofHome(process.env, {
  RESONANCE_MYSQL_URL: "mysql-logic-url",
  RESONANCE_AUDIT_KEY: "audit-key",
});
process.exitCode = await runAudit(process.argv.slice(2), environment, {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
