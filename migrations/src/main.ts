import "@resonance/kit/assert-node";
import { readConfig } from "@resonance/kit";
import { Config, GrantConfig } from "./config.ts";
import { accountOf, databaseUsers, grantAccounts } from "./grant-accounts.ts";
import { migrate } from "./migrate.ts";

const usage = `npm run migrate             brings the tables up to date
npm run migrate -- grant    that, and gives each service an account with the rights it needs

With RESONANCE_MYSQL_URL, of an account that may. grant takes the services' passwords from
RESONANCE_MYSQL_LOGIC_PASSWORD, …_TASK_PASSWORD and …_BOT_PASSWORD, or from the files that
…_PASSWORD_FILE names.
`;

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
}

const words = process.argv.slice(2);
if (words.length === 0 || words.join(" ") === "grant") await run();
else {
  process.stderr.write(usage);
  process.exitCode = 2;
}

async function run(): Promise<void> {
  try {
    const grant = words[0] === "grant" ? readConfig(GrantConfig, process.env) : undefined;
    const { RESONANCE_MYSQL_URL: url } = grant ?? readConfig(Config, process.env);
    const { from, to, applied } = await migrate({ url, notify: say, signal: stop.signal });
    say(
      applied.length === 0
        ? `the database is at version ${to}: nothing to do`
        : `the database went from version ${from} to ${to}`,
    );
    if (!grant) return;
    const passwords = {
      logic: grant.RESONANCE_MYSQL_LOGIC_PASSWORD,
      task: grant.RESONANCE_MYSQL_TASK_PASSWORD,
      bot: grant.RESONANCE_MYSQL_BOT_PASSWORD,
    };
    await grantAccounts(url, (user) => passwords[user]);
    say(`accounts: ${databaseUsers.map(accountOf).join(", ")}, each with what its service needs`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    // An aborted connection stays open until the server has finished what it was doing.
    process.exit(1);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
