/** The limits of the contract, each with its unit in its name. */
export const limits = {
  /** Two names and `single:` with its colons fill the 64 characters of a session id. */
  usernameMaxCharacters: 28,
  sessionIdMaxCharacters: 64,
  nicknameMaxCharacters: 64,
  sessionNameMaxCharacters: 128,
  /** The creator included. */
  groupMaxMembers: 10_000,
  clientMsgIdMaxBytes: 64,
  /** Leaves room for the other fields of the event in the 65,535 bytes of the outbox payload. */
  contentMaxBytes: 65_000,
  /** A larger WebSocket frame is refused before it is decoded. */
  frameMaxBytes: 128 * 1024,
  passwordMinCharacters: 8,
  /** bcrypt reads no further. */
  passwordMaxBytes: 72,
  historyDefaultMessages: 20,
  historyMaxMessages: 100,
} as const;
