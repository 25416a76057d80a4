import { afterAll, beforeAll, expect, test } from "vitest";
import { forgetRoutes } from "./forget-routes.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

let logic: TestLogic;
beforeAll(async () => {
  logic = await openTestLogic();
});
afterAll(() => logic[Symbol.asyncDispose]());

test("routes of gateways long gone and of earlier runs are forgotten, and no other", async () => {
  await logic.db.execute(
    `INSERT INTO t_gateway (gateway_id, incarnation, last_seen_at) VALUES
       ('here', 5, NOW(3)), ('away', 5, NOW(3) - INTERVAL 29 DAY), ('gone', 5, NOW(3) - INTERVAL 31 DAY)`,
  );
  await logic.db.execute(
    `INSERT INTO t_route (username, gateway_id, incarnation, connected_at) VALUES
       ('alice', 'here', 5, NOW(3)), ('bob', 'here', 4, NOW(3)),
       ('alice', 'away', 5, NOW(3)), ('alice', 'gone', 5, NOW(3)), ('bob', 'gone', 4, NOW(3))`,
  );

  await forgetRoutes(logic.db, logic.signal);

  const routes = await logic.db.query(
    "SELECT username, gateway_id AS gateway FROM t_route ORDER BY gateway_id",
  );
  expect(routes).toEqual([
    { username: "alice", gateway: "away" },
    { username: "alice", gateway: "here" },
  ]);
  const gateways = await logic.db.query("SELECT gateway_id AS id FROM t_gateway ORDER BY 1");
  expect(gateways).toEqual([{ id: "away" }, { id: "here" }]);
});
