import { createConnection } from "mysql2/promise";
import { expect, test } from "vitest";
import { openTestDatabase, openTestNats, testServers } from "./index.ts";

test("each test database is empty, and gone when disposed", async () => {
  const database = await openTestDatabase();
  await using other = await openTestDatabase();
  expect(other.name).not.toBe(database.name);
  const connection = await createConnection(database.url);
  const [tables] = await connection.query("SHOW TABLES");
  expect(tables).toEqual([]);
  connection.destroy();
  await database[Symbol.asyncDispose]();
  await expect(createConnection(database.url)).rejects.toThrow(/unknown database/i);
});

test("a private nats-server is not the shared one", async () => {
  await using nats = await openTestNats();
  expect(nats.url).not.toBe(testServers().nats.url);
});
