import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { openTestDatabase } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { openDatabase } from "./open-database.ts";
import { openPipeline } from "./open-pipeline.ts";
import { transaction } from "./transaction.ts";

const unavailable = { name: "ChatError", code: "unavailable" };
const never = new AbortController().signal;
const options = { poolSize: 1, answerWithinMs: 500 };

/** A way to a database of the test's own, on which the server can vanish from what is connected. */
async function openWay() {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await openTestDatabase());
  const direct = stack.use(openDatabase(database.url));
  await direct.execute("CREATE TABLE t (id BIGINT PRIMARY KEY)");
  const { hostname, port } = new URL(database.url);
  const pairs: [client: Socket, server: Socket][] = [];
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    pairs.push([client, server]);
    for (const socket of [client, server]) socket.on("error", () => undefined);
    client.pipe(server).pipe(client);
  }).listen(0, "127.0.0.1");
  stack.defer(() => {
    for (const socket of pairs.flat()) socket.destroy();
    proxy.close();
  });
  await once(proxy, "listening");
  const url = new URL(database.url);
  // listen() on a port gives an AddressInfo, never a pipe's name.
  url.port = `${(proxy.address() as AddressInfo).port}`;
  const closing = stack.move();
  return {
    url: url.href,
    direct,
    /** Nothing comes back on the connections that are open, and none of them is closed. */
    vanish() {
      for (const [client, server] of pairs) {
        client.unpipe(server);
        server.unpipe(client);
        client.resume();
      }
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

test("a statement that is never answered fails in time, and the next one finds a server", async () => {
  await using way = await openWay();
  await using db = openDatabase(way.url, options);
  await db.query("SELECT 1");

  way.vanish();

  await expect(db.query("SELECT 1")).rejects.toMatchObject(unavailable);
  expect(await db.query("SELECT 'there' AS answer")).toEqual([{ answer: "there" }]);
});

test("so does a transaction in the midst, one in one round trip too", async () => {
  await using way = await openWay();
  await using db = openDatabase(way.url, options);
  await using pipeline = openPipeline(way.url, options);
  const insert = "INSERT INTO t VALUES (?)";

  const amid = transaction(
    db,
    async (tx) => {
      await tx.execute(insert, [1]);
      way.vanish();
      await tx.execute(insert, [2]);
    },
    never,
  );
  await expect(amid).rejects.toMatchObject(unavailable);
  await pipeline.transaction((tx) => tx.execute(insert, [3]), never);
  way.vanish();
  await expect(pipeline.transaction((tx) => tx.execute(insert, [4]), never)).rejects.toMatchObject(
    unavailable,
  );
  await pipeline.transaction((tx) => tx.execute(insert, [5]), never);

  expect(await db.query("SELECT id FROM t ORDER BY id")).toEqual([{ id: 3n }, { id: 5n }]);
});

test("a connection that nobody uses is not given up for its silence", async () => {
  await using way = await openWay();
  await using db = openDatabase(way.url, { ...options, answerWithinMs: 400 });
  const id = async () => (await db.query("SELECT CONNECTION_ID() AS id"))[0];
  const before = await id();

  await way.direct.query("SELECT SLEEP(1)");

  expect(await id()).toEqual(before);
});
