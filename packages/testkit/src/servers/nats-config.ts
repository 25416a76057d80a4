import type { Durability, ServerAccess } from "./server.ts";

export type NatsConfig = {
  readonly storeFolder: string;
  readonly durability: Durability;
  /** Whether the server can be told to sync each message to disk before it confirms. */
  readonly canSyncAlways: boolean;
  readonly access: ServerAccess | undefined;
};

/** The configuration file of a NATS of ours. It holds passwords. */
export function natsConfig({ storeFolder, durability, canSyncAlways, access }: NatsConfig): string {
  const sync = durability === "durable" && canSyncAlways ? "sync_interval: always" : "";
  const store = JSON.stringify(storeFolder);
  return `jetstream { store_dir: ${store}\n ${sync}\n}\n${access?.nats.authorization ?? ""}`;
}

/** `user:password@` of the account that may do anything, or nothing where there is none. */
export function natsAccount(access: ServerAccess | undefined): string {
  return access ? `${access.nats.user}:${encodeURIComponent(access.nats.password)}@` : "";
}

/** Where a container of NATS keeps its store. */
export const containerStore = "/data";

/**
 * The file that a container of NATS is started on. In the root folder: its image has no other that
 * is sure to be there, and no shell to make one.
 */
export function containerNatsConfig(place: Pick<NatsConfig, "durability" | "access">) {
  const target = "/resonance-nats.conf";
  return {
    file: {
      target,
      content: natsConfig({ ...place, storeFolder: containerStore, canSyncAlways: true }),
      mode: 0o400,
    },
    command: ["-c", target],
  };
}
