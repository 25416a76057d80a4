import { createClient } from "@connectrpc/connect";
import type { User } from "@resonance/mq-proto";
import { AuthService } from "@resonance/mq-proto/gateway";
import { ClientError } from "./client-error.ts";
import { createTransport } from "./create-api.ts";

export type Credentials = { readonly username: string; readonly password: string };

export type SignedIn = { readonly accessToken: string; readonly user: User };

/** @throws ClientError, `bad_credentials` for a wrong name or password. */
export async function signIn(
  baseUrl: string,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<SignedIn> {
  return signedIn(await authService(baseUrl).login(credentials, { signal }));
}

/**
 * Makes the account and signs in. An empty nickname becomes the username.
 *
 * @throws ClientError with what is wrong with the name, the nickname or the password.
 */
export async function register(
  baseUrl: string,
  account: Credentials & { readonly nickname?: string },
  signal: AbortSignal,
): Promise<SignedIn> {
  return signedIn(await authService(baseUrl).register(account, { signal }));
}

/** Tells the server that the token is no longer wanted. */
export async function signOut(baseUrl: string, token: string, signal: AbortSignal): Promise<void> {
  await authService(baseUrl, token).logout({ accessToken: token }, { signal });
}

function authService(baseUrl: string, token?: string) {
  return createClient(AuthService, createTransport(baseUrl, token ? { token } : {}));
}

function signedIn(response: { accessToken: string; user?: User | undefined }): SignedIn {
  if (response.accessToken === "" || !response.user) {
    throw new ClientError("internal", "the server sent no token");
  }
  return { accessToken: response.accessToken, user: response.user };
}
