import { parseArgs } from "node:util";
import { openDatabase, type Queryable } from "@resonance/db";
import { type Environment, readConfig, secret } from "@resonance/kit";
import { z } from "zod";
import { findLast, listAfter, listNewest } from "./audit-rows.ts";
import { exportLine } from "./export-line.ts";
import { type AuditFlaw, verifyAudit } from "./verify-audit.ts";

const Config = z.object({
  RESONANCE_MYSQL_URL: z.url({ protocol: /^mysql$/ }),
  RESONANCE_AUDIT_KEY: secret,
});

const usage = `npm run audit -- verify             checks that no row was changed, moved or taken out
npm run audit -- show [--last N]    the newest rows (20), oldest first
npm run audit -- export             every row as a line of JSON

Of the stack under RESONANCE_HOME, or with RESONANCE_MYSQL_URL and RESONANCE_AUDIT_KEY.
Into a file or a pipe: npm run -s audit -- export, without npm's own lines.
`;

type Output = { readonly out: (text: string) => void; readonly error: (text: string) => void };

/** The command `npm run audit`. Returns the exit code: 1 for a chain that does not hold. */
export async function runAudit(
  words: readonly string[],
  environment: Environment,
  output: Output,
): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...words],
    allowPositionals: true,
    // What is not known is answered with what is.
    strict: false,
    options: { last: { type: "string", default: "20" } },
  });
  const [command] = positionals;
  const isKnown = Object.keys(values).every((name) => name === "last");
  if (!isKnown || (command !== "verify" && command !== "show" && command !== "export")) {
    output.error(usage);
    return 2;
  }
  const config = readConfig(Config, environment);
  await using db = openDatabase(config.RESONANCE_MYSQL_URL, { poolSize: 1 });
  if (command === "verify") return await verify(db, config.RESONANCE_AUDIT_KEY, output);
  if (command === "export") return await exportAll(db, output);
  const limit = Math.min(Math.max(Math.trunc(Number(values.last)) || 20, 1), 10_000);
  for (const row of (await listNewest(db, limit)).reverse()) output.out(`${exportLine(row)}\n`);
  return 0;
}

async function verify(db: Queryable, key: string, output: Output): Promise<number> {
  const { rows, flaws } = await verifyAudit(db, key);
  for (const flaw of flaws) output.out(`${sentence(flaw)}\n`);
  const last = await findLast(db);
  const end = last ? `; the last is ${last.seq} with the hash ${last.hash.toString("hex")}` : "";
  output.out(
    flaws.length === 0
      ? `${rows} rows, all as they were written${end}\n`
      : `${rows} rows, ${flaws.length} flaws${end}\n`,
  );
  return flaws.length === 0 ? 0 : 1;
}

function sentence({ seq, what, from }: AuditFlaw): string {
  return what === "moved"
    ? `row ${seq} was moved: it was written as ${from}`
    : `row ${seq} is ${what}`;
}

async function exportAll(db: Queryable, output: Output): Promise<number> {
  for (let after = 0n; ; ) {
    const rows = await listAfter(db, after, 1_000);
    for (const row of rows) output.out(`${exportLine(row)}\n`);
    const end = rows.at(-1);
    if (!end) return 0;
    after = end.seq;
  }
}
