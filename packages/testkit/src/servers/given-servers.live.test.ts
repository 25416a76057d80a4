import { expect, test } from "vitest";
import { freePort } from "../free-port.ts";
import { openTestNats, testServers } from "../vitest/index.ts";
import { useGivenMysql, useGivenNats } from "./given-servers.ts";

test("nothing given is nothing used", async () => {
  expect(await useGivenMysql(undefined)).toBeUndefined();
  expect(await useGivenNats("")).toBeUndefined();
});

test("a database that does not exist yet is no obstacle", async () => {
  const url = `${testServers().mysql.url}does_not_exist`;
  expect(await useGivenMysql(url)).toMatchObject({ url, found: "given by RESONANCE_MYSQL_URL" });
});

test("one of several nats-servers is enough", async () => {
  await using nats = await openTestNats();
  const url = `${nats.url},nats://127.0.0.1:${await freePort()}`;
  expect(await useGivenNats(url)).toMatchObject({ url, version: nats.version });
});

test("a server that does not answer is named", async () => {
  const port = await freePort();
  await expect(useGivenMysql(`mysql://app:hidden@127.0.0.1:${port}/app`)).rejects.toThrow(
    `RESONANCE_MYSQL_URL: no usable server at 127.0.0.1:${port}: connect ECONNREFUSED`,
  );
  await expect(useGivenNats(`nats://127.0.0.1:${port}`)).rejects.toThrow(
    `RESONANCE_NATS_URL: no usable server at 127.0.0.1:${port}`,
  );
});

test("an account that is refused is named, without its password", async () => {
  const url = new URL(testServers().mysql.url);
  url.username = "nobody";
  url.password = "hidden";
  const error = await useGivenMysql(url.href).catch((reason: Error) => reason);
  expect(String(error)).toContain("Access denied for user 'nobody'");
  expect(String(error)).not.toContain("hidden");
});

test("a URL of another kind is refused with an example", async () => {
  for (const url of ["localhost:3306", "postgres://host/db", "mysql://", "nonsense"]) {
    await expect(useGivenMysql(url)).rejects.toThrow(
      "RESONANCE_MYSQL_URL is not a URL like mysql://user:password@host:3306/resonance",
    );
  }
  await expect(useGivenNats("localhost:4222")).rejects.toThrow(
    "RESONANCE_NATS_URL is not a URL like nats://host:4222",
  );
});
