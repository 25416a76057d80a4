/** A server that can be used. Disposing ends it if it is ours; a server that was given stays. */
export type Server = AsyncDisposable & {
  /** `mysql://root@127.0.0.1:3310/` or `nats://127.0.0.1:4222`; a given URL stays as it was given. */
  readonly url: string;
  /** `127.0.0.1:3310`, without credentials. */
  readonly address: string;
  readonly version: string;
  /** Null where the process is not ours: given by URL, or in a container. */
  readonly pid: number | null;
  /** Null where the log is not ours. */
  readonly logFile: string | null;
  /** Where it comes from, in words. */
  readonly found: string;
  /** Resolves with how the process ended, also after disposing. Null where `pid` is. */
  readonly exited: Promise<string> | null;
};

/** `fast` is for tests: it survives the death of the server, and not of the machine. */
export type Durability = "durable" | "fast";

/** Where a private server keeps its files. */
export type ServerPlace = {
  readonly home: string;
  readonly durability: Durability;
  readonly notify: (line: string) => void;
  /** Of the private servers; without it whoever reaches them may do anything. */
  readonly access?: ServerAccess;
};

export type ServerAccess = {
  /** Of root@127.0.0.1. A data folder that was made without one gets it. */
  readonly mysqlRootPassword: string;
  readonly nats: {
    /** The `authorization` block of its configuration. */
    readonly authorization: string;
    /** An account that may do anything. */
    readonly user: string;
    readonly password: string;
  };
};
