import { inspectMysql } from "./inspect-mysql.ts";
import { inspectNats } from "./inspect-nats.ts";
import type { Server } from "./server.ts";
import { reasonOf, ServersError } from "./servers-error.ts";

const answerWithinMs = 5_000;

/**
 * The server at the URL, if one is given.
 *
 * @throws ServersError when nothing usable answers there. The password is not shown.
 */
export async function useGivenMysql(url: string | undefined): Promise<Server | undefined> {
  if (!url) return undefined;
  const host = parse(
    "RESONANCE_MYSQL_URL",
    url,
    "mysql:",
    "mysql://user:password@host:3306/resonance",
  );
  const { version } = await ask("RESONANCE_MYSQL_URL", host, () =>
    inspectMysql(url, answerWithinMs),
  );
  return given("RESONANCE_MYSQL_URL", url, host, version);
}

/**
 * The server at the URL, or at any of a list with commas, if one is given.
 *
 * @throws ServersError when nothing usable answers there, or without JetStream.
 */
export async function useGivenNats(url: string | undefined): Promise<Server | undefined> {
  if (!url) return undefined;
  const hosts = url
    .split(",")
    .map((each) => parse("RESONANCE_NATS_URL", each, "nats:", "nats://host:4222"));
  const host = hosts.join(",");
  const answer = await ask("RESONANCE_NATS_URL", host, () => inspectNats(url, answerWithinMs));
  if (!answer.hasJetStream) {
    throw new ServersError(
      `RESONANCE_NATS_URL: the nats-server at ${host} runs without JetStream; start it with -js`,
    );
  }
  return given("RESONANCE_NATS_URL", url, host, answer.version);
}

function parse(variable: string, url: string, protocol: string, example: string): string {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== protocol || !parsed.host) {
    throw new ServersError(`${variable} is not a URL like ${example}`);
  }
  return parsed.host;
}

async function ask<Answer>(
  variable: string,
  host: string,
  inspect: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await inspect();
  } catch (error) {
    throw new ServersError(`${variable}: no usable server at ${host}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function given(variable: string, url: string, address: string, version: string): Server {
  return {
    url,
    address,
    version,
    process: undefined,
    logFile: null,
    found: `given by ${variable}`,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
