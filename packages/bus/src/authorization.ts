import {
  BotEventSchema,
  DeliverySchema,
  PresenceEventSchema,
  ProgressEventSchema,
  PushEventSchema,
  TypingEventSchema,
  topicOf,
} from "@resonance/mq-proto";
import { streamName } from "./declare.ts";

/** The accounts of a NATS server of this system. The operator may do anything. */
export const busUsers = ["logic", "task", "bot", "gateway", "operator"] as const;

export type BusUser = (typeof busUsers)[number];

type Permissions = { readonly publish: readonly string[]; readonly subscribe: readonly string[] };

const reading = [
  "$JS.API.INFO",
  `$JS.API.STREAM.INFO.${streamName}`,
  `$JS.API.CONSUMER.INFO.${streamName}.*`,
];

/** What each service has to do with the bus, and nothing else. */
const permissions: Readonly<Record<Exclude<BusUser, "operator">, Permissions>> = {
  // Stores what is announced, owns the stream, and delivers to people. Says who came or left.
  logic: {
    publish: [
      topicOf(PushEventSchema),
      topicOf(BotEventSchema),
      topicOf(PresenceEventSchema),
      `${topicOf(DeliverySchema)}.*`,
      ...reading,
      `$JS.API.STREAM.CREATE.${streamName}`,
      `$JS.API.STREAM.UPDATE.${streamName}`,
      `$JS.API.STREAM.MSG.GET.${streamName}`,
      `$JS.API.CONSUMER.LIST.${streamName}`,
      `$JS.API.CONSUMER.DELETE.${streamName}.*`,
    ],
    subscribe: [inboxOf("logic")],
  },
  // Consumes what is for people, and delivers what is not delivered yet.
  task: {
    publish: [...consuming("task"), `${topicOf(DeliverySchema)}.*`],
    subscribe: [
      inboxOf("task"),
      ...[ProgressEventSchema, TypingEventSchema, PresenceEventSchema].map(topicOf),
    ],
  },
  // Consumes questions, and says what it is doing. It announces no message.
  bot: {
    publish: [...consuming("bot"), topicOf(ProgressEventSchema)],
    subscribe: [inboxOf("bot")],
  },
  // Hears deliveries, and says nothing but who is writing.
  gateway: {
    publish: [topicOf(TypingEventSchema)],
    subscribe: [inboxOf("gateway"), `${topicOf(DeliverySchema)}.*`],
  },
};

/** Requests are answered where nobody else listens. */
export function inboxPrefixOf(user: BusUser): string {
  return `_INBOX_${user}`;
}

function inboxOf(user: BusUser): string {
  return `${inboxPrefixOf(user)}.>`;
}

function consuming(durable: "task" | "bot"): string[] {
  return [
    ...reading,
    // The first is what a server of 2.9 and later is asked for, the second what it was before.
    `$JS.API.CONSUMER.CREATE.${streamName}.${durable}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${streamName}.${durable}`,
    `$JS.API.CONSUMER.MSG.NEXT.${streamName}.${durable}`,
    `$JS.ACK.${streamName}.${durable}.>`,
  ];
}

/**
 * The `authorization` block of a nats-server's configuration: one user per service, with what it may
 * publish and hear.
 *
 * @param passwordOf what stands for the password; a `$NAME` is taken from the server's environment
 */
export function natsAuthorization(passwordOf: (user: BusUser) => string): string {
  const users = busUsers.map((user) => {
    const password = passwordOf(user);
    const credentials = `user: ${user}, password: ${/^\$\w+$/.test(password) ? password : JSON.stringify(password)}`;
    if (user === "operator") return `    { ${credentials} }`;
    const { publish, subscribe } = permissions[user];
    return [
      `    { ${credentials}, permissions: {`,
      `        publish: ${publish.length === 0 ? '{ deny: ">" }' : listOf(publish)}`,
      `        subscribe: ${listOf(subscribe)}`,
      "    } }",
    ].join("\n");
  });
  return `authorization {\n  users: [\n${users.join("\n")}\n  ]\n}\n`;
}

function listOf(subjects: readonly string[]): string {
  return `[\n${subjects.map((subject) => `          ${JSON.stringify(subject)}`).join("\n")}\n        ]`;
}
