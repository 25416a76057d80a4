import "@resonance/kit/assert-node";
import { ConfigError, commandFailure, homeOf, ofHome, readConfig } from "@resonance/kit";
import type { z } from "zod";
import { Config, GrantConfig } from "./config.ts";
import { accountOf, databaseUsers, grantAccounts } from "./grant-accounts.ts";
import { migrate } from "./migrate.ts";

const usage = `npm run migrate             brings the tables up to date
npm run migrate -- grant    that, and gives each service an account with the rights it needs

Of the database that RESONANCE_MYSQL_URL names, with an account that may; without it, of the private
one of the stack under RESONANCE_HOME, whose start does all this by itself. grant wants
RESONANCE_MYSQL_URL, and takes the services' passwords from RESONANCE_MYSQL_LOGIC_PASSWORD,
…_TASK_PASSWORD and …_BOT_PASSWORD, or from the files that …_PASSWORD_FILE names.
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
  const isGrant = words[0] === "grant";
  // The accounts of a home's stack are its own: other passwords would shut its services out.
  const environment = isGrant
    ? process.env
    : ofHome(process.env, { RESONANCE_MYSQL_URL: "mysql-owner-url" });
  try {
    const grant = isGrant ? readConfig(GrantConfig, environment) : undefined;
    const { RESONANCE_MYSQL_URL: url } = grant ?? readConfig(Config, environment);
    if (environment.RESONANCE_MYSQL_URL_FILE !== process.env.RESONANCE_MYSQL_URL_FILE) {
      say(`RESONANCE_MYSQL_URL is not set: migrating the stack on ${homeOf(environment)}`);
    }
    const { from, to, applied } = await migrate({ url, notify: say, signal: stop.signal });
    const { pathname, host } = new URL(url);
    const database = `the database ${decodeURIComponent(pathname.slice(1))} at ${host}`;
    say(
      applied.length === 0
        ? `${database} is at version ${to}: nothing to do`
        : `${database} went from version ${from} to ${to}`,
    );
    if (grant) await grantThese(url, grant);
  } catch (error) {
    const isItsOwn = isGrant && error instanceof ConfigError;
    process.stderr.write(`${isItsOwn ? error.message : commandFailure(error, environment)}\n`);
    // An aborted connection stays open until the server has finished what it was doing.
    process.exit(1);
  }
}

async function grantThese(url: string, grant: z.infer<typeof GrantConfig>): Promise<void> {
  const passwords = {
    logic: grant.RESONANCE_MYSQL_LOGIC_PASSWORD,
    task: grant.RESONANCE_MYSQL_TASK_PASSWORD,
    bot: grant.RESONANCE_MYSQL_BOT_PASSWORD,
  };
  await grantAccounts(url, (user) => passwords[user]);
  say(`accounts: ${databaseUsers.map(accountOf).join(", ")}, each with what its service needs`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
