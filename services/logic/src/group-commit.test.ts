import { expect, test, vi } from "vitest";
import { GroupCommit, type GroupCommitOptions } from "./group-commit.ts";

type Item = { key: string; name: string };

/** A writer whose commits wait until the test lets them go. */
function openWriter(overrides: Partial<GroupCommitOptions<Item, string>> = {}) {
  const batches: string[][] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const writer = new GroupCommit<Item, string>({
    keyOf: (item) => item.key,
    lanes: 1,
    spareLaneAfterMs: 0,
    maxBatchItems: 3,
    sizeOf: ({ name }) => name.length,
    maxBatchSize: 100,
    maxWaitingSize: 1_000,
    maxWaitingItems: 4,
    mayBeOneItem: () => true,
    isLockedOut: () => false,
    heldKeys: async () => new Set(),
    async commit(items, settle) {
      batches.push(items.map(({ name }) => name));
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      settle(
        items.map(({ name }) => (name === "refused" ? new Error("refused") : `stored ${name}`)),
      );
    },
    ...overrides,
  });
  /** Lets the commit of a batch finish, once it has begun. */
  const finish = (batch: number) =>
    vi.waitFor(() => {
      const gate = gates[batch];
      if (!gate) throw new Error(`batch ${batch} has not begun`);
      gate.resolve();
    });
  return { writer, batches, finish };
}

test("a lone item is committed at once", async () => {
  const { writer, batches } = openWriter();

  void writer.submit({ key: "a", name: "1" });
  await Promise.resolve();

  expect(batches).toEqual([["1"]]);
});

test("what is submitted in one turn is one batch", async () => {
  const { writer, batches } = openWriter({ lanes: 3 });

  for (const name of ["1", "2", "3"]) void writer.submit({ key: name, name });
  await Promise.resolve();

  expect(batches).toEqual([["1", "2", "3"]]);
});

test("a batch is full when its items are large", async () => {
  const { writer, batches, finish } = openWriter({ maxBatchSize: 4 });
  const names = ["long", "1", "long too", "2"];
  const submitted = names.map((name) => writer.submit({ key: name, name }));

  await finish(0);
  await finish(1);
  await finish(2);

  await Promise.all(submitted);
  expect(batches).toEqual([["long"], ["1", "long too"], ["2"]]);
});

test("what arrives while all lanes are busy is committed together, at most a batch of it", async () => {
  const { writer, batches, finish } = openWriter();
  void writer.submit({ key: "a", name: "1" });
  await Promise.resolve();
  const rest = ["2", "3", "4", "5"].map((name) => writer.submit({ key: name, name }));

  await finish(0);
  await finish(1);
  await finish(2);

  expect(await Promise.all(rest)).toEqual(["stored 2", "stored 3", "stored 4", "stored 5"]);
  expect(batches).toEqual([["1"], ["2", "3", "4"], ["5"]]);
});

test("items of one key are never in two batches at once and keep their order", async () => {
  const { writer, batches } = openWriter({ lanes: 2 });

  void writer.submit({ key: "a", name: "a1" });
  await Promise.resolve();
  void writer.submit({ key: "a", name: "a2" });
  void writer.submit({ key: "b", name: "b1" });
  await Promise.resolve();

  expect(batches).toEqual([["a1"], ["b1"]]);
});

test("a refused item is refused alone", async () => {
  const { writer, finish } = openWriter();
  const outcomes = Promise.allSettled([
    writer.submit({ key: "a", name: "1" }),
    writer.submit({ key: "b", name: "refused" }),
  ]);
  await finish(0);

  expect(await outcomes).toMatchObject([
    { status: "fulfilled", value: "stored 1" },
    { status: "rejected" },
  ]);
});

test("a further batch begins beside a running one when it is full", async () => {
  const { writer, batches } = openWriter({ lanes: 2, spareLaneAfterMs: 60_000 });
  void writer.submit({ key: "a", name: "1" });
  await Promise.resolve();

  for (const name of ["2", "3"]) void writer.submit({ key: name, name });
  await Promise.resolve();
  expect(batches).toEqual([["1"]]);
  void writer.submit({ key: "4", name: "4" });
  await Promise.resolve();

  expect(batches).toEqual([["1"], ["2", "3", "4"]]);
});

test("a further batch begins beside one that is held up", async () => {
  const { writer, batches } = openWriter({ lanes: 2, spareLaneAfterMs: 20 });
  void writer.submit({ key: "a", name: "1" });
  await Promise.resolve();

  void writer.submit({ key: "b", name: "2" });
  await Promise.resolve();
  expect(batches).toEqual([["1"]]);

  await vi.waitFor(() => expect(batches).toEqual([["1"], ["2"]]));
});

test("an item that makes its batch fail does not fail its neighbours", async () => {
  const batches: string[][] = [];
  const { writer } = openWriter({
    maxBatchItems: 10,
    maxWaitingItems: 10,
    async commit(items, settle) {
      batches.push(items.map(({ name }) => name));
      await Promise.resolve();
      if (items.some(({ name }) => name === "poison")) throw new Error("statement failed");
      settle(items.map(({ name }) => name));
    },
  });

  const outcomes = await Promise.allSettled(
    ["0", "1", "poison", "2"].map((name) => writer.submit({ key: name, name })),
  );

  expect(outcomes.map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(batches).toEqual([["0", "1", "poison", "2"], ["0"], ["1"], ["poison"], ["2"]]);
});

test("a key that somebody holds is parted from its neighbours, and a lane is left to them", async () => {
  const batches: string[][] = [];
  const released = Promise.withResolvers<void>();
  const held = new Set(["a", "b", "c"]);
  const { writer } = openWriter({
    lanes: 3,
    maxBatchItems: 10,
    maxWaitingItems: 10,
    isLockedOut: (error) => error instanceof Error && error.message === "locked out",
    heldKeys: async (keys) => new Set(keys.filter((key) => held.has(key))),
    async commit(items, settle) {
      batches.push(items.map(({ name }) => name));
      if (items.some(({ key }) => held.has(key))) {
        if (items.some(({ key }) => !held.has(key))) throw new Error("locked out");
        await released.promise;
      }
      settle(items.map(({ name }) => name));
    },
  });
  const submit = (name: string) => writer.submit({ key: name.charAt(0), name });

  const locked = ["a1", "b1", "c1"].map(submit);
  await Promise.all(["free1", "free2"].map(submit));
  const later = submit("a2");
  await submit("free3");

  expect(batches[0]).toEqual(["a1", "b1", "c1", "free1", "free2"]);
  // Two of the three lanes are theirs at most, each alone, and what is free goes on in the third.
  expect(batches.slice(1).toSorted()).toEqual([["a1"], ["b1"], ["free1", "free2"], ["free3"]]);
  held.clear();
  released.resolve();
  expect(await Promise.all([...locked, later])).toEqual(["a1", "b1", "c1", "a2"]);
});

test("those whose lock nobody is found to hold are parted all", async () => {
  const batches: string[][] = [];
  const { writer } = openWriter({
    lanes: 2,
    maxBatchItems: 10,
    maxWaitingItems: 10,
    isLockedOut: () => true,
    heldKeys: () => Promise.reject(new Error("cannot be asked")),
    async commit(items, settle) {
      batches.push(items.map(({ name }) => name));
      if (items.some(({ key }) => key === "a")) throw new Error("locked out");
      settle(items.map(({ name }) => name));
    },
  });

  const outcomes = await Promise.allSettled(
    ["a1", "a2", "b1"].map((name) => writer.submit({ key: name.charAt(0), name })),
  );

  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  expect(batches).toEqual([["a1", "a2", "b1"], ["a1", "a2"], ["b1"]]);
});

test("a lost connection fails the batch once, not item by item", async () => {
  let commits = 0;
  const { writer } = openWriter({
    maxBatchItems: 10,
    maxWaitingItems: 10,
    mayBeOneItem: () => false,
    async commit() {
      commits += 1;
      throw new Error("connection lost");
    },
  });

  const outcomes = await Promise.allSettled(
    ["1", "2", "3"].map((name) => writer.submit({ key: name, name })),
  );

  expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
  expect(commits).toBe(1);
});

test("beyond the bound a submit is answered busy at once", async () => {
  const { writer } = openWriter();
  void writer.submit({ key: "a", name: "0" });
  await Promise.resolve();
  for (const name of ["1", "2", "3", "4"]) void writer.submit({ key: "a", name });

  expect(() => writer.submit({ key: "b", name: "5" })).toThrow(
    expect.objectContaining({ code: "resource_exhausted", reason: "busy" }),
  );
});

test("too large a queue is answered busy too, however few the items", async () => {
  const { writer } = openWriter({ maxWaitingSize: 5 });
  void writer.submit({ key: "a", name: "first" });
  await Promise.resolve();
  void writer.submit({ key: "a", name: "second" });

  expect(() => writer.submit({ key: "b", name: "3" })).toThrow(
    expect.objectContaining({ reason: "busy" }),
  );
});

test("closing settles what was accepted and refuses what comes after", async () => {
  const { writer, finish } = openWriter();
  const accepted = ["1", "2"].map((name) => writer.submit({ key: "a", name }));
  const closing = writer[Symbol.asyncDispose]();

  expect(() => writer.submit({ key: "a", name: "late" })).toThrow("stopping");
  await finish(0);
  await closing;
  expect(await Promise.all(accepted)).toEqual(["stored 1", "stored 2"]);
});

test("what a commit leaves out is refused, and nobody waits for ever", async () => {
  const forgetful = openWriter({ commit: async () => undefined });
  const partial = openWriter({ commit: async (_items, settle) => settle(["stored 1"]) });

  const outcomes = await Promise.allSettled([
    forgetful.writer.submit({ key: "a", name: "1" }),
    ...["1", "2"].map((name) => partial.writer.submit({ key: name, name })),
  ]);

  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
});
