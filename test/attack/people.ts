import { type Connection, createConnection } from "mysql2/promise";
import { openPerson, type Person } from "../testing/open-person.ts";
import type { Ground } from "./open-ground.ts";

/** Who asks side by side with other lanes: each of their conversations is answered in order. */
export type Lane = {
  /** May look at nothing but the state of the chat. */
  readonly user: Person;
  /** May look, and ask for restarts. */
  readonly operator: Person;
  /** May let them happen, and has not. */
  readonly admin: Person;
};

export type People = AsyncDisposable & {
  readonly lanes: readonly Lane[];
  /** An operator who writes into other people's groups. */
  readonly stranger: Person;
  /** Asks afterwards, and has met no attack. */
  readonly late: Person;
  /** As the database's administrator. */
  readonly db: Connection;
};

const laneCount = 6;
const lifeMs = 3_600_000;

export async function openPeople({ stack }: Ground): Promise<People> {
  await using opening = new AsyncDisposableStack();
  const db = await createConnection({ uri: stack.mysqlUrl, supportBigNumbers: true });
  opening.defer(() => db.end());
  const enter = async (username: string, role: string) => {
    const person = opening.use(await openPerson(stack.url, { username, lifeMs }));
    await db.execute("UPDATE t_user SET role = ? WHERE username = ?", [role, username]);
    return person;
  };
  const lanes = await Promise.all(
    Array.from({ length: laneCount }, async (_, index) => ({
      user: await enter(`una${index}`, "user"),
      operator: await enter(`olga${index}`, "operator"),
      admin: await enter(`ada${index}`, "admin"),
    })),
  );
  const stranger = await enter("mallory", "operator");
  const late = await enter("lara", "operator");
  const kept = opening.move();
  return { lanes, stranger, late, db, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
