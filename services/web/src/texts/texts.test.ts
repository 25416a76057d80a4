import { clientReasons } from "@resonance/client";
import { errorReasons } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { chooseLanguage, textsOf } from "./language.ts";
import type { Language } from "./texts.ts";

const languages = ["en", "zh"] as const satisfies readonly Language[];

test.each(languages)("%s has a sentence for every reason", (language) => {
  const { reasons } = textsOf[language];
  expect(Object.keys(reasons).sort()).toEqual([...clientReasons].sort());
  for (const reason of errorReasons) {
    expect(reasons[reason](undefined), reason).toMatch(/[.。]$/);
    expect(reasons[reason](undefined), reason).not.toContain("undefined");
  }
});

test.each(languages)("%s names the limit that was passed", (language) => {
  const { reasons } = textsOf[language];
  const limited = [
    "name_too_long",
    "nickname_too_long",
    "password_too_short",
    "password_too_long",
    "message_too_long",
    "client_msg_id_invalid",
    "session_name_too_long",
  ] as const;
  for (const reason of limited) expect(reasons[reason](123), reason).toContain("123");
});

test("no two reasons share a sentence", () => {
  for (const language of languages) {
    const sentences = clientReasons.map((reason) => textsOf[language].reasons[reason](undefined));
    expect(new Set(sentences).size).toBe(sentences.length);
  }
});

test("the first language of the browser that the page speaks is chosen", () => {
  expect(chooseLanguage(["zh-CN", "en"])).toBe("zh");
  expect(chooseLanguage(["zh-Hant-TW"])).toBe("zh");
  expect(chooseLanguage(["de-DE", "en-GB", "zh"])).toBe("en");
  expect(chooseLanguage(["fr"])).toBe("en");
  expect(chooseLanguage([])).toBe("en");
});
