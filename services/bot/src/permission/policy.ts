import { z } from "zod";

/** Least first: who is further on may do what those before may. */
export const roles = ["user", "operator", "admin"] as const;

export type Role = (typeof roles)[number];

const role = z.enum(roles, "must be user, operator or admin");
/** A name, or a beginning of one with `*` after it, or `*` for all. */
const pattern = z.string().regex(/^[^\s*]*\*?$/, "must be a name, or end with *");
const patterns = z.array(pattern).min(1);
const everything = () => ["*"];

const grant = z.strictObject({
  /** The least role that may. */
  role,
  tools: patterns,
  services: patterns.default(everything),
  namespaces: patterns.default(everything),
});

const instant = z.iso.datetime({
  offset: true,
  error: "must be a time such as 2026-12-24T18:00:00Z",
});

const budget = z.strictObject({
  questionsPerDay: z.number().int().min(1).optional(),
  tokensPerDay: z.number().int().min(1).optional(),
  /** In the currency of `prices`. */
  moneyPerDay: z.number().positive().optional(),
});

/** Who may do what through the bot. The file's form; see docs/policy.example.yaml. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  /** Who may look at what. */
  read: z.array(grant).default([]),
  /** Who may ask for a change. */
  propose: z.array(grant).default([]),
  /** Who may let a change happen. */
  approve: z.array(grant).default([]),
  /** Changes that their requester may not approve alone. */
  fourEyes: z
    .array(
      z.strictObject({
        tools: patterns,
        services: patterns.default(everything),
        namespaces: patterns.default(everything),
      }),
    )
    .default([]),
  /** Times in which nothing is changed. */
  freeze: z
    .array(z.strictObject({ from: instant, until: instant, reason: z.string().min(1).max(200) }))
    .default([]),
  /** Narrower than the roles, for a session by its id: which tools may be used in it. */
  sessions: z.record(z.string(), z.strictObject({ tools: patterns })).default({}),
  /** What the bot itself may do at all, whoever asks. */
  bot: z.strictObject({ tools: patterns.default(everything) }).prefault({}),
  /** After a restart, the same target is not restarted again for so long. */
  coolDownMinutes: z.number().min(0).max(1_440).default(5),
  /** A proposal that nobody decides on in this time is void. */
  proposalMinutes: z.number().min(1).max(1_440).default(10),
  budgets: z
    .strictObject({
      user: budget.prefault({}),
      session: budget.prefault({}),
      all: budget.prefault({}),
      /** Of a million tokens, for money. */
      prices: z
        .strictObject({ input: z.number().min(0), output: z.number().min(0) })
        .prefault({ input: 0, output: 0 }),
    })
    .prefault({}),
});

export type Policy = z.output<typeof policySchema>;

/** Where nothing else is said: operators look, administrators decide. */
export const shippedPolicy: Policy = policySchema.parse({
  version: 1,
  read: [
    { role: "user", tools: ["im_status"] },
    { role: "operator", tools: ["*"] },
  ],
  propose: [{ role: "operator", tools: ["restart_service"] }],
  approve: [{ role: "admin", tools: ["restart_service"] }],
});

/** On one's own machine everybody who has signed in may look. */
export const localPolicy: Policy = policySchema.parse({
  ...shippedPolicy,
  read: [{ role: "user", tools: ["*"] }],
});
