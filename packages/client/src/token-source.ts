import { ClientError } from "./client-error.ts";

/** Where the access token of a chat or an API comes from, at every connect and every call. */
export type TokenSource = {
  /**
   * One that is good for a while yet, as far as is known here.
   *
   * @throws ClientError `not_signed_in` when the sign-in has ended; another reason when it cannot
   * be renewed now.
   */
  token(signal: AbortSignal): Promise<string>;
  /** Another one than this, which the server has refused. Throws as `token` does. */
  renewed(refused: string, signal: AbortSignal): Promise<string>;
};

/** A token as a source: itself as long as it is accepted, and then none. */
export function tokenSource(token: string | TokenSource): TokenSource {
  if (typeof token !== "string") return token;
  return {
    token: () => Promise.resolve(token),
    renewed: () =>
      Promise.reject(new ClientError("not_signed_in", "the token is no longer accepted")),
  };
}
