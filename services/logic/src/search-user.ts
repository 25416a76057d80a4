import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import type { SearchUserRequest, SearchUserResponseSchema } from "@resonance/mq-proto/logic";
import { contactInfo } from "./get-contact-list.ts";
import { searchUsers } from "./sql/users.ts";

/** Users whose name or nickname contains the text, at most 50. Nothing for an empty text. */
export async function searchUser(
  deps: { db: Queryable },
  request: SearchUserRequest,
): Promise<MessageInitShape<typeof SearchUserResponseSchema>> {
  const text = request.query.trim();
  if (text === "") return { users: [] };
  return { users: (await searchUsers(deps.db, text)).map(contactInfo) };
}
